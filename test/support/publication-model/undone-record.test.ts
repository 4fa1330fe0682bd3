import { expect, it, jest } from '@jest/globals';
import { play } from './run.ts';
import { instanceAt, STORY_TIMEOUT_MS, teamAt, then } from './steps.ts';
import { PLAIN_WISH, plain } from './universe.ts';

jest.setTimeout(STORY_TIMEOUT_MS);

it('accepts a team that was refused for a record which turns out not to be written', async () => {
  const [prod, t1] = [instanceAt(0), teamAt(0)];
  const { truth } = await play([
    ...then(2_000, { do: 'apply', slot: prod, wish: { ...PLAIN_WISH, at: { bucket: 'b1', path: '', secret: 'k1' } } }),
    ...then(0, { do: 'apply', slot: t1, wish: { ...PLAIN_WISH, at: { bucket: 'b2', path: 'a/b', secret: 'k1' } } }),
    ...then(2_000, { do: 'fault', fault: { kind: 'Secret', status: 500, when: 'before', times: 2 } }),
    ...then(20_000, { do: 'apply', slot: t1, wish: { ...PLAIN_WISH, at: { bucket: 'b2', path: '', secret: 'k1' } } }),
  ]);
  const secret = truth.secrets.reader.get({ namespace: 'wandb', name: 'prod-storage' });
  expect(plain(secret?.data?.['FILE_STORES'] ?? '')).toContain('b2-data');
});
