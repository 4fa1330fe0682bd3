/** The part of a clock that a deadline needs. */
interface Timers {
  setTimer(milliseconds: number, run: () => void): () => void;
}

/** Runs a function with a signal that is aborted after the given time. The timer is cleared when the function ends. */
export async function withDeadline<T>(
  clock: Timers,
  milliseconds: number,
  run: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = clock.setTimer(milliseconds, () => late.abort());
  try {
    return await run(late.signal);
  } finally {
    cancel();
  }
}
