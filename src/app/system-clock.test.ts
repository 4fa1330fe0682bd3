import { expect, it } from '@jest/globals';
import { systemClock } from './system-clock.ts';

it.each([2 ** 31, 1000 * 3_600_000, Number.MAX_SAFE_INTEGER])(
  'a timer of %i ms does not ring at once',
  async (milliseconds) => {
    let rang = false;
    const cancel = systemClock.setTimer(milliseconds, () => {
      rang = true;
    });
    // A timer with a delay that Node does not accept fires before this one.
    await new Promise((resolve) => setTimeout(resolve, 5));
    cancel();
    expect(rang).toBe(false);
  },
);
