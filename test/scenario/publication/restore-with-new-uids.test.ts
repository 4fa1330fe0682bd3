import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TEAM_STORAGES, type TeamStorage } from '../../../src/api/resources.ts';
import { conditionOf, untilCondition } from '../../servers/conditions.ts';
import { parseFileStores, publishedBuckets } from '../../servers/file-stores.ts';
import { applyStorage, deleteStorage, getStorage, minioBucket, untilStorage } from '../../servers/objects.ts';
import { valueOf, watchOutputs, type WatchedOutputs } from '../../servers/outputs.ts';
import { publishNamespace, type PublishedNamespace } from '../../servers/published-namespace.ts';
import { newBucket, sharedServers } from '../../servers/shared.ts';
import { startTcpProxy, type TcpProxy } from '../../servers/tcp-proxy.ts';
import { until } from '../../servers/until.ts';
import { watchVersions, type Versions } from '../../servers/versions.ts';

// `kubectl replace --force` and a restore from a backup of specs delete each object and create it again: all
// specs are the same, every UID is another, and no status is left.

let world: PublishedNamespace;
let line: TcpProxy;
let outputs: WatchedOutputs;
let rivals: Versions<TeamStorage>;
let specs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};
let buckets: Readonly<Record<string, string>> = {};
const RESTORED = ['away', 'near', 'other'];
const at = (name: string) => ({ namespace: world.namespace, kind: 'TeamStorage', name }) as const;

beforeAll(async () => {
  const { minio } = sharedServers();
  line = await startTcpProxy(Number(new URL(minio.endpoint).port));
  const behindLine = { endpoint: `http://127.0.0.1:${String(line.port)}` };
  for (const name of [...RESTORED, 'gone']) {
    buckets = { ...buckets, [name]: await newBucket(name) };
    const bucket = minioBucket(name === 'away' ? behindLine : minio, buckets[name] ?? '', 'root');
    specs = { ...specs, [name]: { team: name, bucket, deletionPolicy: 'Remove' } };
  }
  world = await publishNamespace('replaced', { instance: { deletionPolicy: 'Remove' }, teams: specs });
  await applyStorage(world.namespace, 'TeamStorage', 'a-rival', {
    team: 'away',
    bucket: minioBucket(minio, await newBucket('rival'), 'root'),
  });
  await untilCondition(at('a-rival'), 'Accepted', { status: 'False', reason: 'TeamConflict' });
  outputs = await watchOutputs(world.namespace);
  rivals = await watchVersions(TEAM_STORAGES, world.namespace, 'a-rival');
  await replaceEverything();
}, 180_000);

afterAll(async () => {
  await world.operator.stop();
  await line.stop();
});

/** One of the teams does not come back: once its entry has left, deletions have been judged. */
async function replaceEverything(): Promise<void> {
  const { namespace } = world;
  const before = await uids();
  line.cut();
  await Promise.all([
    deleteStorage(namespace, 'InstanceStorage', 'wandb'),
    ...Object.keys(specs).map((name) => deleteStorage(namespace, 'TeamStorage', name)),
  ]);
  await applyStorage(namespace, 'InstanceStorage', 'wandb', world.instanceSpec);
  for (const name of RESTORED) await applyStorage(namespace, 'TeamStorage', name, specs[name]);
  const after = await uids();
  for (const [index, uid] of before.entries()) expect(after[index]).not.toBe(uid);
  await until('the entry that nobody restored leaves', async () => !(await hasEntry('gone')), 90);
}

async function uids(): Promise<readonly (string | undefined)[]> {
  const instance = await getStorage(world.namespace, 'InstanceStorage', 'wandb');
  const teams = await Promise.all(RESTORED.map((name) => getStorage(world.namespace, 'TeamStorage', name)));
  return [instance, ...teams].map(({ metadata }) => metadata.uid);
}

async function hasEntry(name: string): Promise<boolean> {
  return (await publishedBuckets(world.namespace)).includes(buckets[name] ?? '');
}

it('a restore with new UIDs makes the reachable storages Ready again', async () => {
  await untilStorage({ namespace: world.namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True' });
  for (const name of ['near', 'other']) await untilStorage(at(name), { ready: 'True', published: 'True' });
});

it('a restore with new UIDs keeps the team whose store is down published, and says so', async () => {
  const away = await untilStorage(at('away'), { ready: 'False', published: 'True' }, 60);
  expect(['True LastKnownGood', 'True Published']).toContain(conditionOf(away, 'Published'));
});

it('a restore with new UIDs does not hand a team over to a rival', async () => {
  await untilCondition(at('a-rival'), 'Accepted', { status: 'False', reason: 'TeamConflict' });
  await rivals.stop();
  const published = rivals.seen.filter((version) => conditionOf(version, 'Published').startsWith('True'));
  expect(published.map(({ metadata }) => metadata.resourceVersion)).toEqual([]);
});

it('a restore with new UIDs never takes the instance bucket or an entry out of the Secret', async () => {
  await outputs.finish();
  const missing = outputs.secrets.map((version) => {
    const entries = parseFileStores(valueOf(version, 'SUPPORTED_FILE_STORES') || undefined);
    const names = RESTORED.filter((name) => !entries.some(({ bucket }) => bucket === buckets[name]));
    return valueOf(version, 'BUCKET').includes(world.instanceBucket) ? names : ['BUCKET', ...names];
  });
  expect(missing).toEqual(outputs.secrets.map(() => []));
  expect(outputs.deletions).toBe(0);
});
