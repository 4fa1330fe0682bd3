import type { Clock, TimeSlice } from '../ports/clock.ts';

/** Far below the time-outs of lease renewals and of the kubelet's probes. */
const SLICE_MS = 20;

/**
 * Keeps queues that are never empty from blocking the event loop. Work that waits
 * for nothing outside runs in microtasks, and while these follow each other no
 * answer is read, no timer fires and no lease is renewed. Everything on the same
 * event loop shares the slice.
 */
export function createTimeSlice(clock: Clock): TimeSlice {
  let since = clock.monotonic();
  let turn: Promise<void> | undefined;
  return () => {
    if (turn !== undefined) return turn;
    if (clock.monotonic() - since < SLICE_MS) return Promise.resolve();
    turn = new Promise((resolve) => {
      // After the second, timers have fired and answers were read between the work before and the work after.
      setImmediate(() =>
        setImmediate(() => {
          turn = undefined;
          since = clock.monotonic();
          resolve();
        }),
      );
    });
    return turn;
  };
}
