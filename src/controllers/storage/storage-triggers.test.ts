import { expect, it } from '@jest/globals';
import { teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { PLAIN_WISH, specOf, type Slot, type Wish } from '../../../test/support/publication-model/universe.ts';
import { World } from '../../../test/support/publication-model/world.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import { wireStorageTriggers } from './storage-triggers.ts';

const INSTANCE: Slot = { kind: 'InstanceStorage', namespace: 'wandb', name: 'prod' };
const WINNER: Slot = { kind: 'TeamStorage', namespace: 'wandb', name: 't1' };
const LOSER: Slot = { kind: 'TeamStorage', namespace: 'wandb', name: 't2' };

it("a loser of a team conflict is woken when the winner's spec.team changes", async () => {
  const world = new World();
  const ask = (slot: Slot, wish: Partial<Wish>) => world.put(slot, specOf(slot, { ...PLAIN_WISH, ...wish }));
  const ready = (): string | undefined => {
    const { conditions = [] } = world.truth.teams.reader.get(LOSER)?.status ?? {};
    return findCondition(conditions, 'Ready')?.reason;
  };
  await world.setUp();
  await ask(INSTANCE, {});
  // On the instance bucket: the CRD does not allow another team on a bound claim.
  await ask(WINNER, { at: 'nothing' });
  await world.pass(10_000);
  await ask(LOSER, { at: { bucket: 'b2', path: '', secret: 'k1' } });
  await world.pass(600_000);
  expect(ready()).toBe('TeamConflict');

  await ask(WINNER, { at: 'nothing', team: 'omega' });
  // Without the trigger it would run twice a minute; with it, it takes as long as a probe.
  await world.pass(500);
  expect(ready()).toBe('Valid');
});

it.each([
  [20, 'fast'],
  [21, 'periodic'],
])(
  'a changed Secret of %i teams wakes them on the %s lane, so that a new object does not wait for thousands',
  (count, lane) => {
    const teams = Array.from({ length: count }, (_, index) => teamObject(`team-${index}`));
    const lanes: string[] = [];
    let change: (change: { readonly object: object }) => void = () => undefined;
    const quiet = { reader: { list: () => [], by: () => [] }, onChange: () => undefined };
    const by = (index: string) => (index === 'reference' ? teams : []);
    wireStorageTriggers({
      watches: {
        ...{ instances: quiet, configMaps: quiet, teams: { ...quiet, reader: { list: () => teams, by } } },
        allowedSecrets: { onChange: (handler: typeof change) => (change = handler) },
      },
      queues: { instances: { add: () => undefined }, teams: { add: (_: string, on: string) => lanes.push(on) } },
      ...{ deliveries: quiet, provisions: quiet, statuses: {}, references: { forget: () => undefined } },
      instancesOf: () => [],
    } as never);
    change({ object: { metadata: { namespace: 'ns', name: 'key' } } });
    expect(lanes).toEqual(teams.map(() => lane));
  },
);

it('a team that is not Ready, or was edited, learns that it is published before those that are', () => {
  const ready = { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] };
  const teams = {
    'ns/ready': { metadata: { generation: 1 }, status: ready },
    'ns/edited': { metadata: { generation: 2 }, status: ready },
    'ns/ending': { metadata: { generation: 2, deletionTimestamp: '2026-01-01T00:00:00Z' }, status: ready },
    'ns/waiting': { metadata: { generation: 1 }, status: { observedGeneration: 1, conditions: [] } },
    'ns/new': { metadata: { generation: 1 } },
  };
  const woken: [string, string][] = [];
  const quiet = { reader: { list: () => [], by: () => [] }, onChange: () => undefined };
  const get = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
    teams[`${namespace}/${name}` as keyof typeof teams];
  const { published } = wireStorageTriggers({
    watches: {
      ...{ instances: quiet, configMaps: quiet, allowedSecrets: quiet },
      teams: { ...quiet, reader: { ...quiet.reader, get } },
    },
    queues: {
      instances: { add: () => undefined },
      teams: { add: (key: string, lane: string) => woken.push([key, lane]) },
    },
    ...{ deliveries: quiet, provisions: quiet, statuses: {}, references: {} },
    instancesOf: () => [],
  } as never);
  published(
    ['ready', 'edited', 'ending', 'waiting', 'new'].map(
      (name) => ({ kind: 'TeamStorage', namespace: 'ns', name }) as const,
    ),
  );
  expect(woken).toEqual([
    ['ns/ready', 'periodic'],
    ['ns/edited', 'fast'],
    ['ns/ending', 'periodic'],
    ['ns/waiting', 'fast'],
    ['ns/new', 'fast'],
  ]);
});
