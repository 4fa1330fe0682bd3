import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  applySecret,
  applyStorage,
  getStorage,
  minioBucket,
  readSecret,
  rootKey,
  untilStorage,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';

let namespace = '';
let operator: OperatorProcess;
const minio = () => sharedServers().minio;
const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;
const prover = (name: string) => ({
  credentialsFrom: { s3Compatible: { accessKey: { secretRef: { name } } } },
});

beforeAll(async () => {
  namespace = await newNamespace('identities');
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop();
});

/** The same bucket, of which nothing is said about credentials. */
function withoutCredentials(bucket: string) {
  const { s3Compatible, ...rest } = minioBucket(minio(), bucket, 'root');
  const { endpoint, region } = s3Compatible;
  return { ...rest, s3Compatible: { endpoint, region } };
}

describe('credentialsFrom (MinIO)', () => {
  it('proves a bucket that W&B reaches by its own identity, and is published nowhere', async () => {
    await applyStorage(namespace, 'TeamStorage', 'ambient', {
      team: 'ambient',
      bucket: withoutCredentials(await newBucket('ambient')),
      validation: prover('root'),
    });

    const { status } = await untilStorage(team('ambient'), { ready: 'True', published: 'True' });
    expect(status).toMatchObject({
      credentialMode: 'Ambient',
      principal: expect.stringMatching(/^access key \*\*\* \(fingerprint \w{8}\)$/),
    });
    const identity = (status?.checks ?? []).find(({ name }) => name === 'IdentityProven');
    expect(identity).toMatchObject({ result: 'Warn', reason: 'ProvenAsOther' });
    const published = await readSecret(namespace, 'wandb-storage');
    const entry = published?.['SUPPORTED_FILE_STORES']?.split(',').find((one) => one.includes('ambient'));
    expect(entry).toMatch(/^s3:\/\/127\.0\.0\.1:\d+\/ambient-/);
  });

  it('also proves it for a team that takes the bucket from there', async () => {
    await applyStorage(namespace, 'TeamStorage', 'borrower', {
      team: 'borrower',
      bucketFrom: { teamStorageRef: { name: 'ambient' }, path: 'teams/borrower' },
    });

    const { status } = await untilStorage(team('borrower'), { ready: 'True', published: 'True' });
    expect(status?.principal).toMatch(/^access key \*\*\* \(fingerprint \w{8}\)$/);
  });

  it('publishes the key that the bucket declares, also when that changes', async () => {
    const bucket = await newBucket('declared');
    await applySecret(namespace, 'declared', { ACCESS_KEY: 'key-of-wandb-1', SECRET_KEY: 'secret-of-wandb-1' });
    await applyStorage(namespace, 'TeamStorage', 'declared', {
      team: 'declared',
      bucket: minioBucket(minio(), bucket, 'declared'),
      validation: prover('root'),
    });
    await untilStorage(team('declared'), { ready: 'True', publishedReason: 'Published' });
    const [, first] = await identityOf('declared');
    await applySecret(namespace, 'declared', { ACCESS_KEY: 'key-of-wandb-2', SECRET_KEY: 'secret-of-wandb-2' });

    await untilPublished((stores) => stores.includes('s3://key-of-wandb-2:secret-of-wandb-2@'));
    await until('IdentityProven names the second key', async () => (await identityOf('declared'))[1] !== first);
    const [message] = await identityOf('declared');
    expect(message).not.toContain('wandb-2');
    const { status } = await getStorage(namespace, 'TeamStorage', 'declared');
    expect(status?.principal).not.toContain('wandb');
  });

  it('is what is named when it cannot be read', async () => {
    await applyStorage(namespace, 'TeamStorage', 'lost', {
      team: 'lost',
      bucket: withoutCredentials(await newBucket('lost')),
      validation: prover('nowhere'),
    });

    const { status } = await untilStorage(team('lost'), { ready: 'False', reason: 'SecretNotFound' });
    expect(JSON.stringify(status?.conditions)).toContain('Secret nowhere');
  });
});

/** What IdentityProven of a team says, and the fingerprint of the key that W&B signs in with. */
async function identityOf(name: string): Promise<readonly [message: string, fingerprint: string]> {
  const { status } = await getStorage(namespace, 'TeamStorage', name);
  const { message = '' } = (status?.checks ?? []).find((check) => check.name === 'IdentityProven') ?? {};
  const [, fingerprint = ''] = /W&B signs in as access key \*\*\* \(fingerprint (\w{8})\)/.exec(message) ?? [];
  expect(fingerprint).not.toBe('');
  return [message, fingerprint];
}

function untilPublished(holds: (stores: string) => boolean): Promise<void> {
  return until('the file stores hold what is wanted', async () => {
    const published = await readSecret(namespace, 'wandb-storage');
    return holds(published?.['SUPPORTED_FILE_STORES'] ?? '');
  });
}
