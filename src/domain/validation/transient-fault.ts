/** Failed tries after which a transient fault counts, on a bucket that was proven before. */
export const TOLERATED_TRIES = 3;

/** The part of a check's result that tolerance reads and changes. */
export interface Tolerable {
  readonly name: string;
  readonly result: 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';
  readonly reason: string;
}

/**
 * For a transient fault on a bucket that was proven before: the last good results, with the fault as a Warn on its
 * check.
 */
export function tolerateFault<T extends Tolerable>(fault: T, lastGood: readonly T[]): readonly T[] {
  return lastGood.map((good) => (good.name === fault.name ? { ...fault, result: 'Warn' } : good));
}
