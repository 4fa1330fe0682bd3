/** Tries that a transient fault may fail on a bucket proven before, until it counts. */
export const TOLERATED_TRIES = 3;

/** The part of a check's result that tolerance looks at and changes. */
export interface Tolerable {
  readonly name: string;
  readonly result: 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';
  readonly reason: string;
}

/**
 * A transient fault on a bucket that was proven before: the last good results
 * stand, with the fault as a Warn on the check that met it.
 */
export function tolerateFault<T extends Tolerable>(fault: T, lastGood: readonly T[]): readonly T[] {
  return lastGood.map((good) => (good.name === fault.name ? { ...fault, result: 'Warn' } : good));
}
