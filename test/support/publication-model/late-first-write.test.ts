import { expect, it, jest } from '@jest/globals';
import { play } from './run.ts';
import { instanceAt, STORY_TIMEOUT_MS, teamAt, then } from './steps.ts';
import { PLAIN_WISH, plain } from './universe.ts';

jest.setTimeout(STORY_TIMEOUT_MS);

const [prod, lab] = [instanceAt(0), instanceAt(1)];
const [t1, t2, t3] = [teamAt(0), teamAt(1), teamAt(2)];
const nothing = { ...PLAIN_WISH, at: 'nothing' } as const;

it('keeps what a new leader has published when the first write of the former one arrives after that', async () => {
  const { truth } = await play([
    ...then(2_000, { do: 'apply', slot: lab, wish: { ...PLAIN_WISH, at: { bucket: 'b3', path: 'a', secret: 'k1' } } }),
    ...then(0, { do: 'API server takes', latencyMs: 40 }),
    ...then(0, { do: 'apply', slot: t2, wish: { ...PLAIN_WISH, isolation: 'Required' } }),
    ...then(2_000, {
      do: 'apply',
      slot: t3,
      wish: { ...PLAIN_WISH, team: 'omega', isolation: 'Required', instance: 'lab' },
    }),
    ...then(0, { do: 'apply', slot: prod, wish: nothing }),
    ...then(0, { do: 'start a standby' }, { do: 'API server takes', latencyMs: 400 }),
    ...then(1_300, { do: 'apply', slot: t1, wish: { ...PLAIN_WISH, instance: 'lab' } }),
    ...then(0, { do: 'API server takes', latencyMs: 0 }, { do: 'standby takes over', stale: false }),
    ...then(2_000, {
      do: 'apply',
      slot: t1,
      wish: { ...PLAIN_WISH, at: { bucket: 'b2', path: '', secret: 'k1' }, team: 'omega' },
    }),
  ]);
  const secret = truth.secrets.reader.get({ namespace: 'wandb', name: 'prod-storage' });
  expect(plain(secret?.data?.['FILE_STORES'] ?? '')).toContain('b2-data');
});
