import type { BucketFailure, BucketFailureKind } from '../domain/observations/bucket-failure.ts';

/** How many requests may be in flight at one store. */
export interface LimitBounds {
  readonly least: number;
  /** Before anything is known of the store. */
  readonly first: number;
  readonly most: number;
}

/** One call to a store that has ended. */
export interface CallSeen {
  readonly milliseconds: number;
  readonly failure?: BucketFailure;
}

/**
 * The number of requests in flight that a store takes, by additive increase and multiplicative decrease: half after
 * a call that was throttled or had no answer in time, three quarters where answers take longer than usual, one more
 * after each window of ordinary answers in which more were wanted.
 */
export interface AdaptiveLimit {
  /** A whole number within the bounds. */
  readonly limit: number;
  saw(call: CallSeen): void;
  /** More requests wait than the limit allows. */
  wantMore(): void;
}

/** What a store that has too much to do answers, or does not answer. A refusal is no such sign, however often it comes. */
const STRAIN: ReadonlySet<BucketFailureKind> = new Set<BucketFailureKind>([
  'Throttled',
  'ServiceUnavailable',
  'DeadlineExceeded',
  'ConnectionTimedOut',
  'ConnectionReset',
]);

/** Answers that are compared as one: two probes or more, so that reads and writes mix. */
const WINDOW = 32;
/** Answers take longer than usual if their mean exceeds so many times the usual one, and by so much. */
const RISE = { factor: 2, milliseconds: 10 };
/** The part of a difference by which the usual time follows each window; the first windows weigh alike. */
const FOLLOWS = 0.05;

/** `monotonic`: milliseconds of a clock that never goes back. */
export function createAdaptiveLimit({ least, first, most }: LimitBounds, monotonic: () => number): AdaptiveLimit {
  let limit = first;
  let shrankAt = -Infinity;
  let usualMs = 0;
  let windows = 0;
  let window = { answers: 0, milliseconds: 0, wantsMore: false };

  function beginWindow(): void {
    window = { answers: 0, milliseconds: 0, wantsMore: false };
  }

  function shrink(factor: number): void {
    limit = Math.max(least, Math.floor(limit * factor));
    shrankAt = monotonic();
    beginWindow();
  }

  function endWindow(): void {
    const meanMs = window.milliseconds / window.answers;
    const formerMs = windows === 0 ? meanMs : usualMs;
    windows += 1;
    // Alike in both directions: otherwise a store that sometimes takes long would seem slow in every window but its fastest.
    usualMs = formerMs + (meanMs - formerMs) * Math.max(FOLLOWS, 1 / windows);
    if (meanMs > formerMs * RISE.factor + RISE.milliseconds) {
      shrink(3 / 4);
      return;
    }
    if (window.wantsMore) limit = Math.min(most, limit + 1);
    beginWindow();
  }

  return {
    get limit() {
      return limit;
    },
    saw({ milliseconds, failure }) {
      // What began under the former limit says nothing about this one.
      if (monotonic() - milliseconds <= shrankAt) return;
      if (failure !== undefined && STRAIN.has(failure.kind)) {
        shrink(1 / 2);
        return;
      }
      // Without an answer the store did nothing.
      if (failure !== undefined && failure.httpStatus === undefined) return;
      window.answers += 1;
      window.milliseconds += milliseconds;
      if (window.answers === WINDOW) endWindow();
    },
    wantMore() {
      window.wantsMore = true;
    },
  };
}
