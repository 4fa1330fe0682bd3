import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SECRETS, type SecretObject } from '../../src/api/resources.ts';
import { parseFileStores, publishedStores } from '../servers/file-stores.ts';
import { createUser } from '../servers/minio.ts';
import { applySecret, applyStorage, currentOnes, minioBucket, rootKey, untilStorage } from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { watchVersions } from '../servers/versions.ts';

const USERS = 3;
const CHANGES = 40;
let namespace = '';
let operator: OperatorProcess;
let bucket = '';
const minio = () => sharedServers().minio;
const idOf = (number: number): string => `${namespace}-${String(number % USERS)}`;
const secretOf = (number: number): string => `the-secret-of-${String(number % USERS)}`;

beforeAll(async () => {
  namespace = await newNamespace('racing');
  bucket = await newBucket('racing');
  for (let number = 0; number < USERS; number += 1) {
    await createUser(minio(), { name: idOf(number), secret: secretOf(number), buckets: [bucket], actions: ['s3:*'] });
  }
  await applySecret(namespace, 'root', rootKey(minio()));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio(), await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace);
});

afterAll(async () => {
  await operator.stop();
});

function pairsIn({ data }: SecretObject): readonly string[] {
  const value = data?.['SUPPORTED_FILE_STORES'];
  const stores = parseFileStores(value && Buffer.from(value, 'base64').toString());
  return stores.map(({ accessKeyId, secretAccessKey }) => `${accessKeyId} ${secretAccessKey}`);
}

it('while a Secret changes again and again, only pairs that work are ever published', async () => {
  const at = { namespace, kind: 'TeamStorage', name: 'racing' } as const;
  const published = await watchVersions(SECRETS, namespace, 'wandb-storage');
  await applySecret(namespace, 'racing', { ACCESS_KEY: idOf(0), SECRET_KEY: secretOf(0) });
  await applyStorage(namespace, 'TeamStorage', 'racing', {
    team: 'racing',
    bucket: minioBucket(minio(), bucket, 'racing'),
  });

  for (let number = 0; number < CHANGES; number += 1) {
    // Every other one pairs a key id with another's secret: it cannot be proven.
    const secret = number % 2 === 0 ? secretOf(number) : secretOf(number + 1);
    await applySecret(namespace, 'racing', { ACCESS_KEY: idOf(number), SECRET_KEY: secret });
    // Steps of different length, so that changes meet every moment of a probe.
    await new Promise((resolve) => setTimeout(resolve, (number * 37) % 200));
    // However slow the machine, some are published on the way: else there would be no race.
    if (number % 10 === 0) {
      await until(`pair ${String(number)} is published`, async () =>
        (await publishedStores(namespace)).some(({ accessKeyId }) => accessKeyId === idOf(number)),
      );
    }
  }
  await applySecret(namespace, 'racing', { ACCESS_KEY: idOf(1), SECRET_KEY: secretOf(1) });
  await until('the last pair is published', async () =>
    (await publishedStores(namespace)).some(({ accessKeyId }) => accessKeyId === idOf(1)),
  );
  await untilStorage(at, { ready: 'True', publishedReason: 'Published' });
  await published.stop();

  const working = new Set(Array.from({ length: USERS }, (_, number) => `${idOf(number)} ${secretOf(number)}`));
  const seen = published.seen.flatMap(pairsIn);
  expect(seen.filter((pair) => !working.has(pair))).toEqual([]);
  expect(new Set(seen).size).toBeGreaterThan(1);
  expect(published.deletions).toBe(0);
  expect(await currentOnes(namespace)).toEqual(['racing', 'wandb']);
});
