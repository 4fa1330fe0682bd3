import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { SECRETS } from '../../../src/api/resources.ts';
import { createBucket, createUser, minioAdmin, rootClient, setActions } from '../../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  eventsOf,
  minioBucket,
  requestValidation,
  rootKey,
  untilStorage,
} from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';
import { startStoreFront, type StoreFront } from '../../servers/store-front.ts';
import { publishedBuckets } from '../../servers/file-stores.ts';
import { watchVersions } from '../../servers/versions.ts';

/** A bucket of its own, with a user of its own, behind a front of its own. */
interface Victim {
  readonly name: string;
  readonly bucket: string;
  readonly front: StoreFront;
}

interface Outage {
  readonly name: string;
  readonly reason: string;
  readonly bring: (victim: Victim) => unknown;
  readonly mend: (victim: Victim) => unknown;
}

const ALL = ['s3:*'];
const SECRET = 'secret-of-the-user';
const minio = () => sharedServers().minio;
const policyOf = ({ name, bucket }: Victim, actions: readonly string[]) =>
  setActions(minio(), { name, buckets: [bucket], actions });
const back = ({ front }: Victim): void => front.instead(undefined);

async function dropBucket({ bucket }: Victim): Promise<void> {
  const client = rootClient(minio());
  await client.send(new DeleteBucketCommand({ Bucket: bucket }));
  client.destroy();
}

const OUTAGES: readonly Outage[] = [
  {
    name: 'unavailable',
    reason: 'StoreUnavailable',
    bring: ({ front }) => front.instead({ status: 503 }),
    mend: back,
  },
  {
    name: 'slow-down',
    reason: 'Throttled',
    bring: ({ front }) =>
      front.instead({
        status: 503,
        headers: { 'content-type': 'application/xml' },
        body: '<Error><Code>SlowDown</Code></Error>',
      }),
    mend: back,
  },
  {
    name: 'login-page',
    reason: 'NotAnObjectStore',
    bring: ({ front }) =>
      front.instead({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }),
    mend: back,
  },
  {
    name: 'bucket-gone',
    reason: 'BucketNotFound',
    bring: dropBucket,
    mend: ({ bucket }) => createBucket(minio(), bucket),
  },
  {
    name: 'key-rotated',
    reason: 'SecretKeyWrong',
    bring: ({ name }) => minioAdmin(minio(), ['user', name, 'another-secret-1']),
    mend: ({ name }) => minioAdmin(minio(), ['user', name, SECRET]),
  },
  {
    name: 'write-denied',
    reason: 'WriteDenied',
    bring: (victim) => policyOf(victim, ['s3:ListBucket', 's3:GetObject', 's3:DeleteObject']),
    mend: (victim) => policyOf(victim, ALL),
  },
  {
    name: 'all-denied',
    reason: 'ListDenied',
    bring: (victim) => policyOf(victim, ['s3:GetBucketLocation']),
    mend: (victim) => policyOf(victim, ALL),
  },
];

let namespace = '';
let operator: OperatorProcess;
const victims = new Map<string, Victim>();
const at = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;

async function setUp({ name }: Outage): Promise<void> {
  const victim = {
    name: `${namespace}-${name}`,
    bucket: await newBucket(name),
    front: await startStoreFront(minio().endpoint),
  };
  victims.set(name, victim);
  await createUser(minio(), { name: victim.name, secret: SECRET, buckets: [victim.bucket], actions: ALL });
  await applySecret(namespace, name, { ACCESS_KEY: victim.name, SECRET_KEY: SECRET });
  await applyStorage(namespace, 'TeamStorage', name, {
    team: name,
    bucket: minioBucket({ endpoint: victim.front.url }, victim.bucket, name),
  });
}

beforeAll(async () => {
  namespace = await newNamespace('outages');
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
    bucket: minioBucket(minio(), await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace);
  await Promise.all(OUTAGES.map(setUp));
  for (const { name } of OUTAGES) await untilStorage(at(name), { ready: 'True', published: 'True' });
  // The instance's own place is part of the same Secret: what follows counts its versions.
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True', published: 'True' });
}, 60_000);

afterAll(async () => {
  await operator.stop();
  for (const { front } of victims.values()) await front.stop();
});

it('an outage of any kind keeps the entry, is told once by its reason, and its end once', async () => {
  const entries = await publishedBuckets(namespace);
  const published = await watchVersions(SECRETS, namespace, 'wandb-storage');

  await Promise.all(
    OUTAGES.map(async ({ name, reason, bring, mend }) => {
      const victim = victims.get(name);
      if (victim === undefined) throw new Error(`no victim for ${name}`);
      await bring(victim);
      await requestValidation(namespace, 'TeamStorage', name);
      await untilStorage(at(name), { ready: 'False', reason, published: 'True' }, 60);
      await mend(victim);
      await requestValidation(namespace, 'TeamStorage', name);
      await untilStorage(at(name), { ready: 'True', reason: 'Valid', published: 'True' }, 60);
    }),
  );

  await published.stop();
  expect([published.seen.length, published.deletions]).toEqual([1, 0]);
  expect(await publishedBuckets(namespace)).toEqual(entries);
  for (const { name, reason } of OUTAGES) {
    expect([name, ...(await eventsOf(namespace, name))]).toEqual([name, 'Published', 'Valid', reason, 'Valid']);
  }
}, 150_000);
