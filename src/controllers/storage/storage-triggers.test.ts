import { expect, it } from '@jest/globals';
import { PLAIN_WISH, specOf, type Slot, type Wish } from '../../../test/support/publication-model/universe.ts';
import { World } from '../../../test/support/publication-model/world.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';

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
