/**
 * A recorded wall time, in milliseconds since the epoch. A time in the future counts as now, because the clock was set
 * back since; so a wait that is measured from it is never longer than intended.
 *
 * Store the result and measure from that: a future time that is corrected at each reconcile would move with the clock,
 * and the wait would never end.
 */
export function recordedTime(at: number, now: number): number {
  return Math.min(at, now);
}
