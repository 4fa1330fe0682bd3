import { expect, it } from '@jest/globals';
import { INSTANCE_STORAGES, SECRETS, type InstanceStorage, type TeamStorage } from '../../../src/api/resources.ts';
import { findCondition } from '../../../src/domain/conditions/conditions.ts';
import { bucket, createShardWorld, NAMESPACE, type ShardWorld, type ShardWrite } from './world.ts';

function conditionOf(object: InstanceStorage | TeamStorage | undefined, type: string): string | undefined {
  const condition = findCondition(object?.status?.conditions ?? [], type);
  return condition && `${condition.status} ${condition.reason}`;
}

/** Names of the shards that wrote, by object. */
function writersOf(writes: readonly ShardWrite[]): Readonly<Record<string, readonly string[]>> {
  const byObject = Map.groupBy(writes, ({ object }) => object);
  return Object.fromEntries(
    [...byObject].sort().map(([object, all]) => [object, [...new Set(all.map(({ shard }) => shard))].sort()]),
  );
}

const IN_A = { instanceRef: { name: 'wandb-a' } };
const IN_B = { instanceRef: { name: 'wandb-b' } };

/** An instance of each of two shards, each with one team. */
async function twoShards(): Promise<ShardWorld> {
  const world = await createShardWorld();
  for (const shard of ['a', 'b']) world.start(shard);
  await world.instance('wandb-a', { shard: 'a' });
  await world.instance('wandb-b', { shard: 'b' });
  await world.team('kappa', IN_A);
  await world.team('omega', IN_B, { shard: 'a' });
  await world.pass(20_000);
  return world;
}

it('each shard writes its own statuses, ledgers and outputs, and no others', async () => {
  const world = await twoShards();
  expect(writersOf(world.takeWrites())).toEqual({
    'ConfigMap wandb-a-storage': ['a'],
    'ConfigMap wandb-b-storage': ['b'],
    'InstanceStorage wandb-a/status': ['a'],
    'InstanceStorage wandb-b/status': ['b'],
    'Secret wandb-a-storage': ['a'],
    'Secret wandb-a-storage-ledger': ['a'],
    'Secret wandb-b-storage': ['b'],
    'Secret wandb-b-storage-ledger': ['b'],
    'TeamStorage kappa/status': ['a'],
    // By its instance, whatever its own label is.
    'TeamStorage omega/status': ['b'],
  });
  for (const name of ['kappa', 'omega']) {
    expect(conditionOf(await world.get.team(name), 'Published')).toBe('True Published');
  }
  await world.pass(60_000);
  expect(world.takeWrites()).toEqual([]);
});

it('a changed label removes nothing, and the other shard takes over', async () => {
  const world = await twoShards();
  const before = await world.outputs('wandb-b');
  world.takeWrites();
  await world.instance('wandb-b', { shard: 'a' });
  await world.pass(20_000);
  expect(await world.outputs('wandb-b')).toEqual(before);
  expect(conditionOf(await world.get.team('omega'), 'Ready')).toBe('True Valid');
  // The label of the ledger follows that of its instance.
  expect(writersOf(world.takeWrites())).toEqual({ 'Secret wandb-b-storage-ledger': ['a'] });
  expect((await world.ledger('wandb-b'))?.metadata.labels).toMatchObject({ shard: 'a' });

  await world.rotate();
  await world.pass(20_000);
  const writers = writersOf(world.takeWrites());
  expect([...new Set(Object.values(writers).flat())]).toEqual(['a']);
  expect(Object.keys(writers)).toContain('Secret wandb-b-storage');
  expect(await world.outputs('wandb-b')).not.toEqual(before);
});

it('a status that the former shard writes late is refused, and not sent again', async () => {
  const world = await createShardWorld();
  for (const shard of ['a', 'b']) world.start(shard);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  world.hold(({ shard, object }) => (shard === 'a' && object.endsWith('/status') ? held : undefined));
  await world.instance('wandb-a', { shard: 'a' });
  await world.pass(5_000);
  await world.instance('wandb-a', { shard: 'b' });
  await world.pass(20_000);
  const taken = await world.get.instance('wandb-a');
  expect(conditionOf(taken, 'Ready')).toBe('True Valid');
  release();
  await world.pass(20_000);
  expect((await world.get.instance('wandb-a'))?.metadata.resourceVersion).toBe(taken?.metadata.resourceVersion);
  expect(world.takeWrites().filter(({ shard, object }) => shard === 'a' && object.endsWith('/status'))).toHaveLength(1);
});

it('a team that moves to an instance of another shard leaves the former one when it is published there', async () => {
  const world = await twoShards();
  world.takeWrites();
  await world.team('kappa', { ...IN_B, bucketChangePolicy: 'Allow' });
  const served = async (): Promise<readonly string[]> => {
    const found = await Promise.all(
      ['wandb-a', 'wandb-b'].map(async (name) => [name, JSON.stringify(await world.outputs(name))] as const),
    );
    return found.filter(([, text]) => text.includes('kappa')).map(([name]) => name);
  };
  for (let turn = 0; turn < 100; turn += 1) {
    expect(await served()).not.toEqual([]);
    await world.pass(200);
  }
  expect(await served()).toEqual(['wandb-b']);
  expect(writersOf(world.takeWrites())).toMatchObject({
    'Secret wandb-a-storage-ledger': ['a'],
    'Secret wandb-b-storage-ledger': ['b'],
    'TeamStorage kappa/status': ['b'],
  });
});

it('an instance that no shard selects is not acted on, and holds up nobody', async () => {
  const world = await createShardWorld();
  await world.instance('nobody', {});
  world.start('a');
  await world.instance('wandb-a', { shard: 'a' });
  await world.team('kappa', IN_A);
  await world.team('lost', { instanceRef: { name: 'nobody' } }, { shard: 'a' });
  await world.pass(20_000);
  // As the CRD sets it at the creation.
  const untouched = { observedGeneration: -1 };
  expect((await world.get.instance('nobody'))?.status).toEqual(untouched);
  expect((await world.get.team('lost'))?.status).toEqual(untouched);
  expect(conditionOf(await world.get.team('kappa'), 'Published')).toBe('True Published');
});

it('a claim on a bucket that another shard has published for one team alone is refused', async () => {
  const world = await twoShards();
  await world.team('first', { ...IN_A, bucket: bucket('vault', 'first'), isolation: 'Required' });
  await world.pass(20_000);
  await world.team('second', { ...IN_B, bucket: bucket('vault', 'second') });
  await world.pass(20_000);
  expect(conditionOf(await world.get.team('first'), 'Isolated')).toBe('True ExclusiveBucket');
  expect(conditionOf(await world.get.team('second'), 'Ready')).toBe('False IsolationViolated');
});

it('rivals that two shards accept at the same moment are both published, and both report the other', async () => {
  const world = await twoShards();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  world.hold(({ object }) => (object.endsWith('-ledger') ? held : undefined));
  await world.team('first', { ...IN_A, bucket: bucket('vault', 'first'), isolation: 'Required' });
  await world.team('second', { ...IN_B, bucket: bucket('vault', 'second'), isolation: 'Required' });
  await world.pass(5_000);
  release();
  await world.pass(30_000);
  for (const name of ['first', 'second']) {
    const team = await world.get.team(name);
    expect(conditionOf(team, 'Published')).toBe('True Published');
    expect(conditionOf(team, 'Isolated')).toBe('False SharedBucket');
  }
});

it('what a deleted instance retains stays with its shard: a lost ledger is recreated by that one', async () => {
  const world = await twoShards();
  const before = await world.outputs('wandb-b');
  await world.user.delete(INSTANCE_STORAGES, { namespace: NAMESPACE, name: 'wandb-b' });
  await world.pass(60_000);
  world.takeWrites();
  await world.user.delete(SECRETS, { namespace: NAMESPACE, name: 'wandb-b-storage-ledger' });
  await world.pass(60_000);
  expect(await world.outputs('wandb-b')).toEqual(before);
  expect(writersOf(world.takeWrites())['Secret wandb-b-storage-ledger']).toEqual(['b']);
  expect((await world.ledger('wandb-b'))?.metadata.labels).toMatchObject({ shard: 'b' });
});

it('the label of a ledger whose instance is gone decides which shard acts', async () => {
  const world = await twoShards();
  await world.user.delete(INSTANCE_STORAGES, { namespace: NAMESPACE, name: 'wandb-b' });
  await world.pass(60_000);
  const ledger = await world.ledger('wandb-b');
  await world.user.replace(SECRETS, {
    ...ledger,
    metadata: { ...ledger?.metadata, labels: { ...ledger?.metadata.labels, shard: 'a' } },
  } as never);
  await world.pass(20_000);
  world.takeWrites();
  await world.rotate();
  await world.team('omega', { ...IN_B, suspend: true });
  await world.pass(60_000);
  expect(writersOf(world.takeWrites())['TeamStorage omega/status']).toEqual(['a']);
});
