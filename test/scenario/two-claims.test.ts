import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SECRETS, TEAM_STORAGES, type TeamStorage } from '../../src/api/resources.ts';
import { parseFileStores, publishedBuckets } from '../servers/file-stores.ts';
import {
  applySecret,
  applyStorage,
  currentOnes,
  deleteStorage,
  getStorage,
  minioBucket,
  requestValidation,
  rootKey,
  untilStorage,
  verdictOf,
} from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { watchVersions } from '../servers/versions.ts';

let namespace = '';
let operator: OperatorProcess;
const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  namespace = await newNamespace('claims');
  await applySecret(namespace, 'root', rootKey(sharedServers().minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(sharedServers().minio, await newBucket('instance'), 'root'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
});

afterAll(async () => {
  await operator.stop();
});

async function claim(name: string, claimed: string): Promise<string> {
  const bucket = await newBucket(name);
  const spec = { team: claimed, bucket: minioBucket(sharedServers().minio, bucket, 'root') };
  await applyStorage(namespace, 'TeamStorage', name, spec);
  return bucket;
}

/** Replaces the status of an object by nothing, as a restore from a backup of specs does. */
async function loseStatus(kind: 'instancestorages' | 'teamstorages', name: string): Promise<void> {
  const path = `/apis/storage.wandb.com/v1alpha1/namespaces/${namespace}/${kind}/${name}`;
  const { body } = await adminRequest('GET', path);
  const allow = { ...(body['spec'] as object), bucketChangePolicy: 'Allow' };
  // The bound bucket may be taken away only where its change is allowed.
  const allowed = await adminRequest('PUT', path, { ...body, spec: allow });
  const emptied = { ...allowed.body, status: { observedGeneration: -1 } };
  const answer = await adminRequest('PUT', `${path}/status`, emptied);
  expect(answer).toMatchObject({ status: 200, body: { status: { observedGeneration: -1 } } });
}

it('of two claims made at the same moment one is published, the other is told of it', async () => {
  const secrets = await watchVersions(SECRETS, namespace, 'wandb-storage');
  const pairs = Array.from({ length: 6 }, (_, index) => [`a-${String(index)}`, `b-${String(index)}`] as const);
  const buckets = await Promise.all(
    pairs.map(([first, second]) => Promise.all([claim(first, `team-${first}`), claim(second, `team-${first}`)])),
  );
  const winners: string[] = [];
  for (const [index, [first, second]] of pairs.entries()) {
    await until(`one of ${first} and ${second} is Ready, the other refused`, async () => {
      const verdicts = await Promise.all(
        [first, second].map(async (name) => verdictOf(await getStorage(namespace, 'TeamStorage', name))),
      );
      const isSettled =
        verdicts.some(({ reason }) => reason === 'TeamConflict') && verdicts.some(({ ready }) => ready === 'True');
      if (isSettled) winners.push(buckets[index]?.[verdicts[0]?.ready === 'True' ? 0 : 1] ?? '');
      return isSettled;
    });
  }
  await secrets.stop();

  expect(await publishedBuckets(namespace)).toEqual(winners.sort());
  // Not for a moment were both there.
  for (const { data } of secrets.seen) {
    const value = data?.['SUPPORTED_FILE_STORES'];
    const published = parseFileStores(value && Buffer.from(value, 'base64').toString()).map(({ bucket }) => bucket);
    for (const rivals of buckets) expect(rivals.filter((bucket) => published.includes(bucket)).length).toBeLessThan(2);
  }
  expect((await currentOnes(namespace)).length).toBe(pairs.length + 1);
});

it('the bound claim is not touched by a rival, a restart, or a restore without status', async () => {
  const bound = await claim('late-name', 'contested');
  await untilStorage(team('late-name'), { ready: 'True', published: 'True' });
  // It would win by its name, and after the restore by nothing else.
  await claim('early-name', 'contested');
  await untilStorage(team('early-name'), { ready: 'False', reason: 'TeamConflict' });
  const before = await publishedBuckets(namespace);
  expect(before).toContain(bound);

  const told = await watchVersions(TEAM_STORAGES, namespace, 'late-name');
  await operator.restart('SIGKILL');
  for (const name of ['late-name', 'early-name']) await untilAnswered(name);
  await operator.stopOnly();
  await Promise.all([
    loseStatus('teamstorages', 'late-name'),
    loseStatus('teamstorages', 'early-name'),
    loseStatus('instancestorages', 'wandb'),
  ]);
  await operator.startAgain();

  await untilStorage(team('early-name'), { ready: 'False', reason: 'TeamConflict' });
  const restored = await untilStorage(team('late-name'), { ready: 'True', published: 'True' });
  await told.stop();
  expect(restored.status?.boundBucket?.name).toBe(bound);
  expect(conflicts(told.seen)).toEqual([]);
  expect(await publishedBuckets(namespace)).toEqual(before);
  expect(await currentOnes(namespace)).not.toContain('early-name');
});

/** Asks for a look and waits for it: the operator has seen the object since. */
async function untilAnswered(name: string): Promise<void> {
  const token = await requestValidation(namespace, 'TeamStorage', name);
  await until(`${name} is looked at`, async () => {
    const { status } = await getStorage(namespace, 'TeamStorage', name);
    return status?.lastHandledReconcileAt === token;
  });
}

function conflicts(versions: readonly TeamStorage[]): readonly TeamStorage[] {
  return versions.filter((version) => verdictOf(version).reason === 'TeamConflict');
}

it('the loser takes over once the winner is gone, proven anew', async () => {
  await deleteStorage(namespace, 'TeamStorage', 'late-name');

  await untilStorage(team('early-name'), { ready: 'True', published: 'True' });
});
