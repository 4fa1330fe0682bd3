import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publishedBuckets } from '../servers/file-stores.ts';
import { createBucket, startMinio, type Minio } from '../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  deleteStorage,
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
let bucket = '';
/** A MinIO of our own, which can go away. */
let own: Minio;
const at = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;
const published = () => publishedBuckets(namespace);
const instanceSpec = () => ({
  deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
  bucket: minioBucket(sharedServers().minio, bucket, 'root', { path: 'instance' }),
});

beforeAll(async () => {
  namespace = await newNamespace('deletion');
  own = await startMinio();
  bucket = await newBucket('deletion');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applySecret(namespace, 'own', rootKey(own));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', instanceSpec());
  operator = await startOperator(namespace);
});

afterAll(async () => {
  await operator.stop();
  await own.stop();
});

async function createTeam(name: string, spec: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const place = `${name}-${namespace}`;
  await createBucket(own, place);
  await applyStorage(namespace, 'TeamStorage', name, { team: name, bucket: minioBucket(own, place, 'own'), ...spec });
  await untilStorage(at(name), { ready: 'True', published: 'True' });
  return place;
}

it('a bucket that others use outlives its own claim, and goes with the last of them', async () => {
  const place = await createTeam('source', { deletionPolicy: 'Remove' });
  await applyStorage(namespace, 'TeamStorage', 'user', {
    team: 'user',
    bucketFrom: { teamStorageRef: { name: 'source' }, path: 'teams/user' },
    deletionPolicy: 'Remove',
  });
  await untilStorage(at('user'), { ready: 'True', published: 'True' });

  await deleteStorage(namespace, 'TeamStorage', 'source');
  await untilStorage(at('user'), { ready: 'False', reason: 'BucketSourceNotFound', published: 'True' });
  expect(await published()).toContain(place);

  await deleteStorage(namespace, 'TeamStorage', 'user');
  await until('the entry is gone', async () => !(await published()).includes(place));
});

it('a claim is deleted as its policy says while its bucket is down and the operator is not running', async () => {
  const [removed, retained] = [await createTeam('removed', { deletionPolicy: 'Remove' }), await createTeam('retained')];
  await own.stop();
  await operator.stopOnly();
  for (const name of ['removed', 'retained']) await deleteStorage(namespace, 'TeamStorage', name);
  // Nothing of ours holds them back.
  for (const name of ['removed', 'retained']) {
    await expect(getStorage(namespace, 'TeamStorage', name)).rejects.toThrow('404');
  }

  await operator.startAgain();
  await until('the entry of the one is gone', async () => !(await published()).includes(removed));
  expect(await published()).toContain(retained);
});

it('outputs stay when their InstanceStorage is deleted, and are taken up again when it is back', async () => {
  const before = await readSecret(namespace, 'wandb-storage');
  await applyStorage(namespace, 'TeamStorage', 'orphan', { team: 'orphan' });
  await untilStorage(at('orphan'), { ready: 'True' });

  expect((await getStorage(namespace, 'TeamStorage', 'orphan')).metadata).not.toHaveProperty('finalizers');
  await deleteStorage(namespace, 'InstanceStorage', 'wandb');
  await untilStorage(at('orphan'), { ready: 'False', reason: 'InstanceNotFound' });
  expect(await readSecret(namespace, 'wandb-storage')).toEqual(before);

  await applyStorage(namespace, 'InstanceStorage', 'wandb', instanceSpec());
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True', published: 'True' });
  await untilStorage(at('orphan'), { ready: 'True' });
  expect(await readSecret(namespace, 'wandb-storage')).toEqual(before);
});
