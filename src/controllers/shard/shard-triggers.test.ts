import { expect, it } from '@jest/globals';
import { instanceObject, PublishingWorld, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import type { PartialObject } from '../../api/object.ts';
import type { ObjectChange } from '../../ports/kube.ts';
import { wireShardTriggers } from './shard-triggers.ts';

type Labels = Readonly<Record<string, string>>;

function ledger(instance: string, labels: Labels): PartialObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'ns', name: `${instance}-storage-ledger`, labels },
  };
}

function wired() {
  const world = new PublishingWorld();
  world.put(instanceObject('wandb'), teamObject('kappa'), teamObject('omega'));
  const handlers: ((change: ObjectChange<PartialObject>) => void)[] = [];
  const woken: string[] = [];
  wireShardTriggers({
    watches: {
      instances: world.instances,
      teams: world.teams,
      managedSecrets: { onChange: (handler) => void handlers.push(handler) },
    },
    queues: {
      delivery: { add: (key) => void woken.push(`delivery ${key}`) },
      teams: { add: (key) => void woken.push(`team ${key}`) },
    },
  });
  return (change: ObjectChange<PartialObject>): readonly string[] => {
    for (const handler of handlers) handler(change);
    return woken.splice(0).sort();
  };
}

const ALL = ['delivery ns/gone', 'team ns/kappa', 'team ns/omega'];

it('wakes what a deleted instance left when its ledger appears, changes its label or is deleted', () => {
  const woken = wired();
  const [before, after] = [ledger('gone', { shard: 'a' }), ledger('gone', { shard: 'b' })];
  expect(woken({ type: 'added', object: before })).toEqual(ALL);
  expect(woken({ type: 'updated', object: after, previous: before })).toEqual(ALL);
  expect(woken({ type: 'updated', object: after, previous: after })).toEqual([]);
  expect(woken({ type: 'deleted', object: after, isLastVersion: true })).toEqual(ALL);
});

it('wakes nothing for the ledger of an instance that is there, nor for another Secret', () => {
  const woken = wired();
  expect(woken({ type: 'added', object: ledger('wandb', {}) })).toEqual([]);
  const output = { ...ledger('gone', {}), metadata: { namespace: 'ns', name: 'gone-storage' } };
  expect(woken({ type: 'added', object: output })).toEqual([]);
});
