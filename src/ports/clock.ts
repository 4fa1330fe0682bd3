/** Cancels a timer; calling it again does nothing. */
export type CancelTimer = () => void;

/** Time, injected everywhere so that tests control it. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back, for durations. */
  monotonic(): number;
  /** Calls `run` once after `milliseconds`. */
  setTimer(milliseconds: number, run: () => void): CancelTimer;
}

/** Resolves at once within a slice of time, and after one turn of the event loop once the slice is used up. */
export type TimeSlice = () => Promise<void>;
