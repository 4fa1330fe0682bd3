import { expect, it, jest } from '@jest/globals';
import type { Step } from './commands.ts';
import { play } from './run.ts';
import { instanceAt, STORY_TIMEOUT_MS, teamAt, then } from './steps.ts';
import { BUCKETS, PLAIN_WISH } from './universe.ts';
import type { World } from './world.ts';

jest.setTimeout(STORY_TIMEOUT_MS);

const [instance, team] = [instanceAt(0), teamAt(0)] as const;
const bucketsWork = (works: boolean): readonly Step[] =>
  BUCKETS.map((bucket): Step => ({ command: { do: 'set bucket', bucket, works }, thenMs: 0 }));

/** Nothing is proven while the ledger is lost and the Secret edited; no watch shows the operator one of the two alone. */
const LOST: readonly Step[] = [
  ...then(
    14_000,
    { do: 'apply', slot: instance, wish: PLAIN_WISH },
    { do: 'apply', slot: team, wish: { ...PLAIN_WISH, at: { bucket: 'b2', path: '', secret: 'k1' } } },
  ),
  ...bucketsWork(false),
  ...then(
    14_000,
    { do: 'hold back', feed: 'managedSecrets' },
    { do: 'damage', slot: instance, what: 'Secret', how: 'edit' },
    { do: 'damage', slot: instance, what: 'ledger', how: 'delete' },
    { do: 'restart' },
  ),
];

function keysOf({ truth }: World): readonly string[] {
  const secret = truth.secrets.reader.get({ namespace: 'wandb', name: 'prod-storage' });
  return Object.keys(secret?.data ?? {});
}

it('leaves a Secret that was edited alone while its ledger is lost, through every restart', async () => {
  expect(keysOf(await play([...LOST, ...then(14_000, { do: 'restart' })]))).toContain('BY_HAND');
});

it('writes it again once something is proven', async () => {
  expect(keysOf(await play([...LOST, ...bucketsWork(true)]))).not.toContain('BY_HAND');
});

it('writes it again once it was deleted, whatever is proven', async () => {
  const story = [...LOST, ...then(14_000, { do: 'damage', slot: instance, what: 'Secret', how: 'delete' })];
  expect(keysOf(await play(story))).toEqual(['FILE_STORES']);
});
