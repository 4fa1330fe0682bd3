import { expect, it, jest } from '@jest/globals';
import type { Command, Step } from './commands.ts';
import { play } from './run.ts';
import { instanceAt, STORY_TIMEOUT_MS, teamAt } from './steps.ts';
import { PLAIN_WISH, plain, type Slot, type Wish } from './universe.ts';

jest.setTimeout(STORY_TIMEOUT_MS);

const [instance, team, other] = [instanceAt(0), teamAt(0), teamAt(1)] as const;
const step = (command: Command, thenMs = 14_000): Step => ({ command, thenMs });
const apply = (slot: Slot, wish: Partial<Wish>): Step => step({ do: 'apply', slot, wish: { ...PLAIN_WISH, ...wish } });

it('restarts the server without a claim that asked for no bucket since it was published', async () => {
  const world = await play([
    apply(instance, { at: { bucket: 'b3', path: '', secret: 'k1' } }),
    apply(team, { change: 'Allow' }),
    step({ do: 'edit', slot: team, wish: { at: 'nothing' } }, 200_000),
    step({ do: 'set bucket', bucket: 'b1', works: false }),
    step({ do: 'edit', slot: team, wish: { at: PLAIN_WISH.at } }),
    apply(other, { team: 'omega', at: { bucket: 'b2', path: '', secret: 'k1' } }),
  ]);

  const { conditions = [] } = world.claim(instance)?.status ?? {};
  expect(conditions.find(({ type }) => type === 'RolledOut')?.reason).not.toBe('WaitingForRecovery');
  expect(world.claim(team)?.status).not.toHaveProperty('boundBucket');
});

it('leaves when the instance whose bucket was asked for appears, and not at the next restart', async () => {
  const lab = instanceAt(1);
  const { truth } = await play([
    apply(instance, { at: { bucket: 'b3', path: '', secret: 'k1' } }),
    apply(team, {}),
    step({ do: 'edit', slot: team, wish: { at: 'nothing', change: 'Allow', instance: 'lab' } }),
    apply(lab, { at: { bucket: 'b2', path: '', secret: 'k1' } }),
  ]);

  const secret = truth.secrets.reader.get({ namespace: instance.namespace, name: `${instance.name}-storage` });
  expect(plain(secret?.data?.['FILE_STORES'] ?? '')).toBe('');
});
