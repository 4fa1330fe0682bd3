/** Ends a timer that was set; calling it again does nothing. */
export type CancelTimer = () => void;

/** Time, injected everywhere so that tests own it. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that never go back, for durations. */
  monotonic(): number;
  /** Calls `run` once after `milliseconds`. */
  setTimer(milliseconds: number, run: () => void): CancelTimer;
}

/** Resolves at once within a slice of time, and after one turn of the event loop once the slice is used up. */
export type TimeSlice = () => Promise<void>;
