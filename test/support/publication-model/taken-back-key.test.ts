import { expect, it, jest } from '@jest/globals';
import type { Command, Step } from './commands.ts';
import { play } from './run.ts';
import { instanceAt, STORY_TIMEOUT_MS, teamAt, then } from './steps.ts';
import { PLAIN_WISH, plain, type Key } from './universe.ts';
import type { World } from './world.ts';

jest.setTimeout(STORY_TIMEOUT_MS);

const [instance, incumbent, newcomer] = [instanceAt(0), teamAt(0), teamAt(1)] as const;

/** The newcomer proves another key on the bucket of a team that leaves later. */
const REFUSED: readonly Step[] = [
  ...then(14_000, {
    do: 'apply',
    slot: instance,
    wish: { ...PLAIN_WISH, at: { bucket: 'b3', path: '', secret: 'k1' } },
  }),
  ...then(14_000, {
    do: 'apply',
    slot: incumbent,
    wish: { ...PLAIN_WISH, deletion: 'Remove', at: { bucket: 'b1', path: 'a', secret: 'k1' } },
  }),
  ...then(14_000, {
    do: 'apply',
    slot: newcomer,
    wish: { ...PLAIN_WISH, team: 'omega', at: { bucket: 'b1', path: '', secret: 'k2' } },
  }),
];
const LEAVES = then(60_000, { do: 'delete', slot: incumbent });
const takenBack = (next: Key, nextWorks: boolean): readonly Step[] =>
  then(
    30_000,
    { do: 'set key', key: 'v2', works: false },
    { do: 'set key', key: next, works: nextWorks },
    { do: 'set Secret', namespace: 'wandb', name: 'k2', key: next },
  );

function fileStoresIn({ truth }: World): string {
  const secret = truth.secrets.reader.get({ namespace: 'wandb', name: 'prod-storage' });
  return plain(secret?.data?.['FILE_STORES'] ?? '');
}

it('publishes no key that was taken back while it was kept from its place', async () => {
  expect(fileStoresIn(await play([...REFUSED, ...takenBack('v3', false), ...LEAVES]))).toBe('');
});

it('publishes the key that was proven after it', async () => {
  expect(fileStoresIn(await play([...REFUSED, ...takenBack('v3', true), ...LEAVES]))).toContain('AKIAV3');
});

/** What keeps the operator from comparing the key with the one that was proven. */
it.each<readonly [string, readonly Command[]]>([
  ['its Secret was deleted', [{ do: 'set Secret', namespace: 'wandb', name: 'k2', key: undefined }]],
  ['the key itself was revoked', [{ do: 'set key', key: 'v2', works: false }]],
  [
    'its claim was suspended before the Secret was deleted',
    [
      { do: 'edit', slot: newcomer, wish: { suspend: true } },
      { do: 'set Secret', namespace: 'wandb', name: 'k2', key: undefined },
    ],
  ],
  [
    'its claim was refused before the Secret was deleted',
    [
      { do: 'edit', slot: newcomer, wish: { team: PLAIN_WISH.team } },
      { do: 'set Secret', namespace: 'wandb', name: 'k2', key: undefined },
    ],
  ],
])('publishes no key after the conflict where %s', async (_, commands) => {
  // Longer than the interval in which the bucket is checked again.
  const takenBack = commands.flatMap((command) => then(7_200_000, command));
  const resumes = then(0, { do: 'edit', slot: newcomer, wish: { suspend: false, team: 'omega' } });
  expect(fileStoresIn(await play([...REFUSED, ...takenBack, ...LEAVES, ...resumes]))).toBe('');
});

it('publishes a key again whose Secret was deleted and came back while it was kept from its place', async () => {
  const story = then(
    30_000,
    { do: 'set Secret', namespace: 'wandb', name: 'k2', key: undefined },
    { do: 'set Secret', namespace: 'wandb', name: 'k2', key: 'v2' },
  );
  expect(fileStoresIn(await play([...REFUSED, ...story, ...LEAVES]))).toContain('AKIAV2');
});

it('publishes the key that was kept from its place where it was not taken back', async () => {
  expect(fileStoresIn(await play([...REFUSED, ...LEAVES]))).toContain('AKIAV2');
});
