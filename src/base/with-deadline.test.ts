import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { withDeadline } from './with-deadline.ts';

it('aborts the run once the time is over, and not after it has ended', async () => {
  const clock = createFakeClock();
  const signals: AbortSignal[] = [];
  const done = await withDeadline(clock, 1_000, (late) => {
    signals.push(late);
    return Promise.resolve('done');
  });
  clock.advance(2_000);
  expect([done, signals[0]?.aborted]).toEqual(['done', false]);

  const end = Promise.withResolvers<string>();
  const slow = withDeadline(clock, 1_000, (late) => {
    late.addEventListener('abort', () => end.resolve('late'));
    return end.promise;
  });
  clock.advance(1_000);
  await expect(slow).resolves.toBe('late');
});

it('ends its timer when the run fails', async () => {
  const clock = createFakeClock();
  const signals: AbortSignal[] = [];
  const failed = withDeadline(clock, 1_000, (late) => {
    signals.push(late);
    return Promise.reject(new Error('failed'));
  });
  await expect(failed).rejects.toThrow('failed');
  clock.advance(2_000);
  expect(signals[0]?.aborted).toBe(false);
});
