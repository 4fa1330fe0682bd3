import type { Clock, TimeSlice } from '../ports/clock.ts';

/** Far below what a heartbeat or a probe of the kubelet waits for. */
const SLICE_MS = 20;

/**
 * Keeps queues that are never empty from holding the event loop. Work that
 * waits for nothing outside runs in microtasks, and while one follows another
 * no answer is read, no timer rings and no lease is renewed. All who share the
 * loop share the slice.
 */
export function createTimeSlice(clock: Clock): TimeSlice {
  let since = clock.monotonic();
  let turn: Promise<void> | undefined;
  return () => {
    if (turn !== undefined) return turn;
    if (clock.monotonic() - since < SLICE_MS) return Promise.resolve();
    turn = new Promise((resolve) => {
      setImmediate(() => {
        turn = undefined;
        since = clock.monotonic();
        resolve();
      });
    });
    return turn;
  };
}
