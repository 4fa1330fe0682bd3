import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CONFIG_MAPS, SECRETS } from '../../src/api/resources.ts';
import { publishedBuckets } from '../servers/file-stores.ts';
import { applySecret, applyStorage, currentOnes, minioBucket, rootKey, untilStorage } from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { watchVersions } from '../servers/versions.ts';

const names = Array.from({ length: 8 }, (_, index) => `team-${String(index)}`);
const robbed = names.filter((_, index) => index % 2 === 0);
let namespace = '';
let operator: OperatorProcess;
let buckets: readonly string[] = [];
const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  namespace = await newNamespace('empty-cache');
  buckets = await Promise.all(names.map((name) => newBucket(name)));
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, await newBucket('instance'), 'root'),
  });
  for (const [index, name] of names.entries()) {
    await applySecret(namespace, name, rootKey(sharedServers().minio));
    const bucket = minioBucket(sharedServers().minio, buckets[index] ?? '', name);
    await applyStorage(namespace, 'TeamStorage', name, { team: name, bucket });
  }
  operator = await startOperator(namespace);
  for (const name of names) await untilStorage(team(name), { ready: 'True', published: 'True' });
  // The instance's own place is part of the same Secret: what follows counts its versions.
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True', published: 'True' });
});

afterAll(async () => {
  await operator.stop();
});

it('a start among published buckets, half of whose Secrets are gone, withdraws nothing', async () => {
  expect(await publishedBuckets(namespace)).toEqual([...buckets].sort());
  expect(await currentOnes(namespace)).toEqual([...names, 'wandb']);
  await operator.stopOnly('SIGKILL');
  await Promise.all(
    [...robbed, 'root'].map((name) => adminRequest('DELETE', `/api/v1/namespaces/${namespace}/secrets/${name}`)),
  );
  const watched = await Promise.all([
    watchVersions(SECRETS, namespace, 'wandb-storage'),
    watchVersions(SECRETS, namespace, 'wandb-storage-ledger'),
    watchVersions(CONFIG_MAPS, namespace, 'wandb-storage'),
  ]);
  await operator.startAgain();

  for (const name of robbed) {
    await untilStorage(team(name), { ready: 'False', reason: 'SecretNotFound', publishedReason: 'LastKnownGood' });
  }
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'False', published: 'True' });
  expect(await currentOnes(namespace)).toEqual(names.filter((name) => !robbed.includes(name)));

  await Promise.all(watched.map((versions) => versions.stop()));
  // Not one version beyond those that stood: nothing was written, let alone withdrawn.
  expect(watched.map(({ seen, deletions }) => [seen.length, deletions])).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  expect(await publishedBuckets(namespace)).toEqual([...buckets].sort());
});
