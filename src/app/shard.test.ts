import { expect, it } from '@jest/globals';
import { instanceObject, PublishingWorld, teamObject, bucketSpec } from '../../test/support/fakes/publishing-world.ts';
import type { PartialObject } from '../api/object.ts';
import { INSTANCE_LABEL, MANAGED_BY_LABEL, MANAGER } from '../api/resources.ts';
import { parseLabelSelector } from '../domain/shard/label-selector.ts';
import { createObjectCache } from '../kube/object-cache.ts';
import { createShard } from '../controllers/shard/shard.ts';

type Labels = Readonly<Record<string, string>>;

let version = 0;

function ledger(instance: string, labels: Labels): PartialObject {
  const ours = { [MANAGED_BY_LABEL]: MANAGER, [INSTANCE_LABEL]: instance };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace: 'ns',
      name: `${instance}-storage-ledger`,
      resourceVersion: String((version += 1)),
      labels: { ...ours, ...labels },
    },
  };
}

function labelled<T extends { metadata: object }>(object: T, labels: Labels): T {
  return { ...object, metadata: { ...object.metadata, labels } };
}

const team = (name: string, instance?: string) =>
  teamObject(name, {
    bucket: bucketSpec(name),
    ...(instance !== undefined && { instanceRef: { name: instance } }),
  });

function shards() {
  const world = new PublishingWorld();
  const managedSecrets = createObjectCache<PartialObject>();
  const deps = {
    instances: world.instances.reader,
    teams: world.teams.reader,
    managedSecrets: managedSecrets.reader,
    admissions: world.admissions,
  };
  const of = (text: string) => {
    const selector = parseLabelSelector(text);
    if (!selector.ok) throw new Error(selector.error);
    return createShard(selector.value, deps);
  };
  const all = { a: of('shard=a'), b: of('shard=b'), others: of('shard notin (a,b)') };
  const names = (acts: (shard: (typeof all)['a']) => boolean): readonly string[] =>
    Object.entries(all)
      .filter(([, shard]) => acts(shard))
      .map(([name]) => name);
  return {
    world,
    secrets: managedSecrets.writer,
    all,
    whole: createShard(undefined, deps),
    forInstance: (name: string) => names((shard) => shard.actsOnInstance(`ns/${name}`)),
    forTeam: (name: string) => names((shard) => shard.actsOnTeam(`ns/${name}`)),
  };
}

it('one shard acts for each object, whatever there is of its instance', () => {
  const { world, secrets, forInstance, forTeam } = shards();
  world.put(labelled(instanceObject('in-a'), { shard: 'a' }), labelled(instanceObject('in-b'), { shard: 'b' }));
  world.put(instanceObject('unlabelled'));
  world.put(labelled(team('of-a', 'in-a'), { shard: 'b' }), team('of-b', 'in-b'), team('of-none', 'unlabelled'));
  world.put(labelled(team('of-no-instance', 'missing'), { shard: 'b' }), labelled(team('of-any'), { shard: 'a' }));
  secrets.put(ledger('gone', { shard: 'b' }));
  world.put(labelled(team('left', 'gone'), { shard: 'a' }));

  expect(['in-a', 'in-b', 'unlabelled', 'gone', 'missing'].map((name) => [name, forInstance(name)])).toEqual([
    ['in-a', ['a']],
    ['in-b', ['b']],
    ['unlabelled', ['others']],
    ['gone', ['b']],
    ['missing', ['others']],
  ]);
  expect(['of-a', 'of-b', 'of-none', 'of-no-instance', 'of-any', 'left'].map((name) => [name, forTeam(name)])).toEqual([
    ['of-a', ['a']],
    ['of-b', ['b']],
    ['of-none', ['others']],
    ['of-no-instance', ['b']],
    // Three instances, and it names none.
    ['of-any', ['a']],
    ['left', ['b']],
  ]);
});

it('keeps what is left of an instance after its ledger is deleted too', () => {
  const { secrets, forInstance } = shards();
  secrets.put(ledger('gone', { shard: 'a' }));
  expect(forInstance('gone')).toEqual(['a']);
  secrets.remove(ledger('gone', { shard: 'a' }));
  expect(forInstance('gone')).toEqual(['a']);
});

it('labels the ledger as the instance, with the labels that it selects by', () => {
  const { world, secrets, all } = shards();
  const key = { namespace: 'ns', name: 'in-a' };
  world.put(labelled(instanceObject('in-a'), { shard: 'a', 'acme.example/owner': 'x' }));
  expect(all.a.ledgerLabels(key)).toEqual({ shard: 'a' });
  expect(all.a.isLedgerLabelled(key)).toBe(true);
  secrets.put(ledger('in-a', { shard: 'b' }));
  expect(all.a.ledgerLabels(key)).toMatchObject({ shard: 'a' });
  expect(all.a.isLedgerLabelled(key)).toBe(false);
  secrets.put(ledger('in-a', { shard: 'a', other: 'stays' }));
  expect(all.a.isLedgerLabelled(key)).toBe(true);
  expect(all.a.ledgerLabels(key)).toMatchObject({ shard: 'a', other: 'stays' });
});

it('an operator without a selector keeps the labels of shards on a ledger, also of an instance that is gone', () => {
  const { secrets, whole } = shards();
  secrets.put(ledger('gone', { shard: 'a' }));
  const key = { namespace: 'ns', name: 'gone' };
  expect(whole.ledgerLabels(key)).toMatchObject({ shard: 'a' });
  expect(whole.isLedgerLabelled(key)).toBe(true);
  expect(whole.ledgerLabels({ namespace: 'ns', name: 'new' })).toEqual({});
});
