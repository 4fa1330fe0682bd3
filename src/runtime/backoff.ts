/** Delays that double with each failure of the same key, with full jitter. */
export interface Backoff {
  /** Milliseconds to wait after another failure of `key`. */
  next(key: string): number;
  /** After a success: the next failure of `key` begins with the shortest delay again. */
  forget(key: string): void;
}

/** `random` returns a number from 0 to 1; a delay is never below a quarter of its maximum. */
export function createBackoff(options: {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly random: () => number;
}): Backoff {
  const failures = new Map<string, number>();
  return {
    next(key) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(count, 30));
      return ceiling * (0.25 + 0.75 * options.random());
    },
    forget(key) {
      failures.delete(key);
    },
  };
}
