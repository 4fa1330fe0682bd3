import { expect, it, jest } from '@jest/globals';
import type { Command, Step } from './commands.ts';
import { play } from './run.ts';
import { instanceAt, STORY_TIMEOUT_MS, teamAt, then } from './steps.ts';
import { BUCKETS, PLAIN_WISH, plain } from './universe.ts';

jest.setTimeout(STORY_TIMEOUT_MS);

const [instance, team] = [instanceAt(0), teamAt(0)] as const;

/** Ledger and ConfigMap are lost while no bucket answers: the Secret alone shows what was published, and not for whom. */
const LOST: readonly Step[] = [
  ...then(
    14_000,
    { do: 'apply', slot: instance, wish: PLAIN_WISH },
    { do: 'apply', slot: team, wish: { ...PLAIN_WISH, at: { bucket: 'b2', path: '', secret: 'k1' } } },
  ),
  ...then(
    14_000,
    ...BUCKETS.map((bucket): Command => ({ do: 'set bucket', bucket, works: false })),
    { do: 'hold back', feed: 'managedSecrets' },
    { do: 'damage', slot: instance, what: 'ConfigMap', how: 'delete' },
    { do: 'damage', slot: instance, what: 'ledger', how: 'delete' },
    { do: 'restart' },
  ),
];

it('does not deny an entry whose claim is unknown', async () => {
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
