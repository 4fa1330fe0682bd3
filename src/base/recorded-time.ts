/**
 * A wall time that was recorded, in milliseconds since the epoch, as far as it
 * can be true: one in the future counts as now, since the clock was set back
 * after it. A wait that is measured from it is never longer than it is meant to be.
 *
 * Keep what this returns, and measure from that: asked at each look, a time in
 * the future would move along with the clock, and the wait never end.
 */
export function recordedTime(at: number, now: number): number {
  return Math.min(at, now);
}
