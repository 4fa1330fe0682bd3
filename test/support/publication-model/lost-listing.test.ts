import { expect, it, jest } from '@jest/globals';
import type { Command, Step } from './commands.ts';
import { play } from './run.ts';
import { BUCKETS, INSTANCES, PLAIN_WISH, plain, TEAMS } from './universe.ts';

// Hours of the model's time, on however busy a machine.
jest.setTimeout(120_000);

const [instance, team] = [INSTANCES[0], TEAMS[0]];
if (instance === undefined || team === undefined) throw new Error('nobody is there');
const then = (thenMs: number, ...commands: readonly Command[]): readonly Step[] =>
  commands.map((command, index) => ({ command, thenMs: index === commands.length - 1 ? thenMs : 0 }));

/** Ledger and ConfigMap are lost while no store answers: the Secret alone says what was published, and not for whom. */
const LOST: readonly Step[] = [
  ...then(
    14_000,
    { do: 'apply', slot: instance, wish: PLAIN_WISH },
    { do: 'apply', slot: team, wish: { ...PLAIN_WISH, at: { bucket: 'b2', path: '', secret: 'k1' } } },
  ),
  ...then(
    14_000,
    ...BUCKETS.map((bucket): Command => ({ do: 'set store', bucket, works: false })),
    { do: 'hold back', feed: 'managedSecrets' },
    { do: 'damage', slot: instance, what: 'ConfigMap', how: 'delete' },
    { do: 'damage', slot: instance, what: 'ledger', how: 'delete' },
    { do: 'restart' },
  ),
];

it('does not deny an entry of which nobody knows whose it is', async () => {
  const { truth } = await play(LOST);
  const secret = truth.secrets.reader.get({ namespace: 'wandb', name: 'prod-storage' });
  const published = truth.teams.reader
    .get({ namespace: 'wandb', name: 't1' })
    ?.status?.conditions?.find(({ type }) => type === 'Published');

  expect(plain(secret?.data?.['FILE_STORES'] ?? '')).toContain('b2-data');
  expect(published).toMatchObject({
    status: 'False',
    reason: 'AwaitingProof',
    message:
      'No entry in Secret prod-storage is known to be for this storage: it gets one once its bucket has passed every required check.',
  });
});
