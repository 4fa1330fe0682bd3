import type { Clock } from '../../../src/ports/clock.ts';

/** Time that stands still until the test moves it. */
export interface FakeClock extends Clock {
  /** Moves time on and runs the timers that fall due. */
  advance(milliseconds: number): void;
  /** Sets the wall clock; the monotonic one and timers take no notice. */
  setWall(stepMs: number): void;
  readonly pendingTimers: number;
}

export function createFakeClock(start = Date.parse('2026-01-01T00:00:00Z')): FakeClock {
  let now = start;
  let wall = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now + wall,
    monotonic: () => now - start,
    setTimer(milliseconds, run) {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer);
        timer.run();
      }
    },
    setWall(stepMs) {
      wall += stepMs;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}
