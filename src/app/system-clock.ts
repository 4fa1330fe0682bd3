import type { Clock } from '../ports/clock.ts';

/**
 * Longest delay that Node's timers accept. A longer one would fire at once: an interval of 1000h would become a busy
 * loop.
 */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's time. A timer of more than 24 days fires after 24 days. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(milliseconds, run) {
    const timer = setTimeout(run, Math.min(milliseconds, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};
