import { expect, it, jest } from '@jest/globals';
import { play } from './run.ts';
import { STORY_TIMEOUT_MS, then } from './steps.ts';
import { INSTANCES, PLAIN_WISH, plain, TEAMS, type Slot } from './universe.ts';

jest.setTimeout(STORY_TIMEOUT_MS);

const named = (slots: readonly Slot[], name: string): Slot => {
  const found = slots.find((slot) => slot.namespace === 'wandb' && slot.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const [prod, lab] = [named(INSTANCES, 'prod'), named(INSTANCES, 'lab')];
const team = named(TEAMS, 't3');

it('leaves the former instance of a team that moved, also where that instance is gone, without a restart', async () => {
  const moves = { at: { bucket: 'b2', path: '', secret: 'ambient' }, change: 'Allow', instance: 'prod' } as const;
  const { truth } = await play([
    ...then(2_000, { do: 'apply', slot: lab, wish: { ...PLAIN_WISH, at: { bucket: 'b3', path: 'a', secret: 'k1' } } }),
    ...then(2_000, {
      do: 'apply',
      slot: team,
      wish: { ...PLAIN_WISH, at: { bucket: 'b1', path: '', secret: 'k1' }, instance: 'lab' },
    }),
    ...then(0, { do: 'delete', slot: lab }, { do: 'apply', slot: prod, wish: { ...PLAIN_WISH, suspend: true } }),
    ...then(2_000, { do: 'edit', slot: team, wish: moves }),
  ]);
  const former = truth.secrets.reader.get({ namespace: 'wandb', name: 'lab-storage' });
  expect(plain(former?.data?.['FILE_STORES'] ?? '')).toBe('');
});

it('leaves the former instance also while the ledger of the present one is lost and cannot be written', async () => {
  const at = { bucket: 'b1', path: '', secret: 'k1' } as const;
  const noCreate = { verb: 'create', kind: 'Secret', status: 500, when: 'before', times: 1_000 } as const;
  const notNow = { verb: 'get', kind: 'TeamStorage', status: 500, when: 'before', times: 1_000 } as const;
  const { truth } = await play([
    ...then(0, { do: 'apply', slot: prod, wish: { ...PLAIN_WISH, at } }),
    ...then(2_000, { do: 'apply', slot: lab, wish: { ...PLAIN_WISH, at: { ...at, bucket: 'b3' } } }),
    ...then(2_000, { do: 'apply', slot: team, wish: { ...PLAIN_WISH, at, instance: 'prod' } }),
    ...then(
      2_000,
      { do: 'fault', fault: notNow },
      { do: 'edit', slot: team, wish: { instance: 'lab', change: 'Allow' } },
    ),
    ...then(
      14_000,
      { do: 'faults end' },
      { do: 'fault', fault: noCreate },
      { do: 'damage', slot: lab, what: 'ledger', how: 'delete' },
      { do: 'damage', slot: lab, what: 'Secret', how: 'take the seal off' },
    ),
  ]);
  const storesOf = (name: string): string =>
    plain(truth.secrets.reader.get({ namespace: 'wandb', name })?.data?.['FILE_STORES'] ?? '');
  expect(storesOf('prod-storage')).toBe('');
  expect(storesOf('lab-storage')).toContain('b1-data');
});

it('restarts the server of the instance that a team leaves whose entry was lost with all outputs', async () => {
  const [t1, t2] = [named(TEAMS, 't1'), named(TEAMS, 't2')];
  const at = { bucket: 'b1', path: '', secret: 'k1' } as const;
  // The story itself judges that nothing is left to write after a restart of the operator.
  const story = play([
    ...then(
      2_000,
      { do: 'apply', slot: prod, wish: { ...PLAIN_WISH, at } },
      { do: 'apply', slot: t1, wish: { ...PLAIN_WISH, at: { ...at, bucket: 'b3' }, team: 'kappa', instance: 'prod' } },
      { do: 'apply', slot: t2, wish: { ...PLAIN_WISH, at, team: 'sigma', instance: 'prod' } },
    ),
    ...then(
      2_000,
      { do: 'delete all outputs', slot: prod },
      { do: 'apply', slot: t1, wish: { ...PLAIN_WISH, at, team: 'sigma', instance: 'prod' } },
    ),
    ...then(0, {
      do: 'apply',
      slot: t2,
      wish: { ...PLAIN_WISH, at, team: 'kappa', isolation: 'Required', instance: 'lab' },
    }),
  ]);
  await expect(story).resolves.toBeDefined();
});
