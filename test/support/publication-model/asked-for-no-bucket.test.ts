import { expect, it, jest } from '@jest/globals';
import type { Command, Step } from './commands.ts';
import { play } from './run.ts';
import { INSTANCES, PLAIN_WISH, TEAMS, type Slot, type Wish } from './universe.ts';

// Hours of the model's time, on however busy a machine.
jest.setTimeout(120_000);

const [instance, team, other] = [INSTANCES[0], TEAMS[0], TEAMS[1]];
if (instance === undefined || team === undefined || other === undefined) throw new Error('nobody is there');
const step = (command: Command, thenMs = 14_000): Step => ({ command, thenMs });
const apply = (slot: Slot, wish: Partial<Wish>): Step => step({ do: 'apply', slot, wish: { ...PLAIN_WISH, ...wish } });

it('restarts the server without a claim that asked for no bucket since it was published', async () => {
  const world = await play([
    apply(instance, { at: { bucket: 'b3', path: '', secret: 'k1' } }),
    apply(team, { change: 'Allow' }),
    step({ do: 'edit', slot: team, wish: { at: 'nothing' } }, 200_000),
    step({ do: 'set store', bucket: 'b1', works: false }),
    step({ do: 'edit', slot: team, wish: { at: PLAIN_WISH.at } }),
    apply(other, { team: 'omega', at: { bucket: 'b2', path: '', secret: 'k1' } }),
  ]);

  const { conditions = [] } = world.claim(instance)?.status ?? {};
  expect(conditions.find(({ type }) => type === 'RolledOut')?.reason).not.toBe('WaitingForRecovery');
  expect(world.claim(team)?.status).not.toHaveProperty('boundBucket');
});
