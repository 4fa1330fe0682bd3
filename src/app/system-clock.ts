import type { Clock } from '../ports/clock.ts';

/** Node's timers know no longer wait, and take a longer one for none at all: an interval of 1000h would never rest. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's time. A timer that is longer than 24 days rings after 24 days. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(milliseconds, run) {
    const timer = setTimeout(run, Math.min(milliseconds, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};
