import type { Clock } from '../../../src/ports/clock.ts';

/** Time that the model moves, timer by timer. The wall clock can be set; the monotonic one never goes back. */
export interface ModelClock extends Clock {
  /** Monotonic time of the next timer. */
  nextAt(): number | undefined;
  /** Moves time on to the next timer and runs it. */
  runNext(): void;
  /** Moves time on; no timer may be due before. */
  passTo(monotonic: number): void;
  setWall(stepMs: number): void;
}

export function createModelClock(): ModelClock {
  let elapsed = 0;
  let wall = Date.parse('2026-01-01T00:00:00Z');
  let order = 0;
  const timers = new Set<{ readonly at: number; readonly order: number; readonly run: () => void }>();

  function first() {
    let found: { readonly at: number; readonly order: number; readonly run: () => void } | undefined;
    for (const timer of timers) {
      if (found === undefined || timer.at < found.at || (timer.at === found.at && timer.order < found.order)) {
        found = timer;
      }
    }
    return found;
  }

  return {
    now: () => wall + elapsed,
    monotonic: () => elapsed,
    setTimer(milliseconds, run) {
      const timer = { at: elapsed + milliseconds, order: (order += 1), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    nextAt: () => first()?.at,
    runNext() {
      const timer = first();
      if (timer === undefined) return;
      timers.delete(timer);
      elapsed = Math.max(elapsed, timer.at);
      timer.run();
    },
    passTo(monotonic) {
      elapsed = Math.max(elapsed, monotonic);
    },
    setWall(stepMs) {
      wall += stepMs;
    },
  };
}
