import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import type { BucketFailure, BucketFailureKind } from '../domain/observations/bucket-failure.ts';
import { createAdaptiveLimit, type CallSeen } from './adaptive-limit.ts';

const BOUNDS = { least: 2, first: 4, most: 16 };

/** A store whose calls follow one another, each with its time. */
function setUp(bounds = BOUNDS) {
  let now = 1000;
  const adaptive = createAdaptiveLimit(bounds, () => now);
  const call = (milliseconds: number, failure?: BucketFailure): void => {
    now += milliseconds + 1;
    adaptive.saw({ milliseconds, ...(failure !== undefined && { failure }) });
  };
  return {
    adaptive,
    call,
    /** As many windows of answers, of which each takes so long, while more are wanted or not. */
    windows: (count: number, milliseconds: number, wanted = true): void => {
      for (let index = 0; index < count * 32; index += 1) {
        if (wanted) adaptive.wantMore();
        call(milliseconds);
      }
    },
  };
}

const failed = (kind: BucketFailureKind, httpStatus?: number): BucketFailure => ({
  kind,
  ...(httpStatus !== undefined && { httpStatus }),
});

describe('the limit of requests in flight', () => {
  it('grows by one with each window of ordinary answers, up to its bound', () => {
    const { adaptive, windows } = setUp();
    windows(1, 20);
    expect(adaptive.limit).toBe(5);
    windows(2, 20);
    expect(adaptive.limit).toBe(7);
    windows(50, 20);
    expect(adaptive.limit).toBe(16);
  });

  it('does not grow while no more are wanted', () => {
    const { adaptive, windows } = setUp();
    windows(10, 20, false);
    expect(adaptive.limit).toBe(4);
  });

  it.each([
    ['is throttled', failed('Throttled', 429)],
    ['is told to slow down', failed('Throttled', 503)],
    ['meets an error of the store', failed('ServiceUnavailable', 500)],
    ['gets no answer in time', failed('DeadlineExceeded')],
    ['gets no connection in time', failed('ConnectionTimedOut')],
    ['is cut off', failed('ConnectionReset')],
  ])('halves when a call %s, down to its bound', (_, failure) => {
    const { adaptive, call, windows } = setUp();
    windows(20, 20);
    call(20, failure);
    expect(adaptive.limit).toBe(8);
    call(20, failure);
    expect(adaptive.limit).toBe(4);
    for (let index = 0; index < 5; index += 1) call(20, failure);
    expect(adaptive.limit).toBe(2);
  });

  it('halves once for all calls that were under way together', () => {
    let now = 1000;
    const adaptive = createAdaptiveLimit({ ...BOUNDS, first: 16 }, () => now);
    const failure = failed('Throttled', 429);
    for (let index = 0; index < 16; index += 1) {
      now += 1;
      adaptive.saw({ milliseconds: 500, failure });
    }
    expect(adaptive.limit).toBe(8);
    now += 100;
    adaptive.saw({ milliseconds: 50, failure });
    expect(adaptive.limit).toBe(4);
  });

  it('shrinks by a quarter when answers take more than twice as long as usual', () => {
    const { adaptive, windows } = setUp();
    windows(20, 20);
    windows(1, 49);
    expect(adaptive.limit).toBe(16);
    windows(1, 60);
    expect(adaptive.limit).toBe(12);
    windows(6, 120);
    expect(adaptive.limit).toBe(2);
  });

  it('does not take a few milliseconds for a rise', () => {
    const { adaptive, windows } = setUp();
    windows(20, 1);
    windows(20, 10);
    expect(adaptive.limit).toBe(16);
  });

  it('grows again where the answers of a store have become slower for good', () => {
    const { adaptive, windows } = setUp();
    windows(20, 20);
    windows(6, 100);
    expect(adaptive.limit).toBe(2);
    windows(40, 100);
    expect(adaptive.limit).toBe(16);
  });

  it.each([
    ['one answer in 64 takes two seconds', [20, 82]],
    ['light probes take turns with full ones', [5, 60, 60]],
  ])('is not held down by a store whose times vary: %s', (_, means) => {
    const { adaptive, windows } = setUp();
    for (let round = 0; round < 60; round += 1) for (const mean of means) windows(1, mean);
    expect(adaptive.limit).toBeGreaterThanOrEqual(12);
  });

  it.each([
    ['denials', failed('AccessDenied', 403)],
    ['missing keys', failed('ObjectNotFound', 404)],
    ['conditions that do not hold', failed('PreconditionFailed', 412)],
    ['missing features', failed('NotImplemented', 501)],
  ])('takes %s for ordinary answers', (_, failure) => {
    const { adaptive, call } = setUp();
    for (let index = 0; index < 32; index += 1) {
      adaptive.wantMore();
      call(20, failure);
    }
    expect(adaptive.limit).toBe(5);
  });

  it('shrinks for a rise also where the first answers waited for their connections', () => {
    const { adaptive, windows } = setUp();
    windows(1, 200);
    windows(20, 20);
    windows(6, 120);
    expect(adaptive.limit).toBeLessThanOrEqual(4);
  });

  it('learns nothing from what never reached the store', () => {
    const { adaptive, call, windows } = setUp();
    for (let index = 0; index < 100; index += 1) call(0, failed('NameNotResolved'));
    windows(3, 40);
    expect(adaptive.limit).toBe(7);
  });
});

it('stays within its bounds, and shrinks for strain and slowness alone, whatever the calls', () => {
  const kinds = ['Throttled', 'DeadlineExceeded', 'AccessDenied', 'ObjectNotFound', undefined] as const;
  const one = fc.record({ milliseconds: fc.nat(200), kind: fc.constantFrom(...kinds), wanted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 400 }), (calls) => {
      let now = 1000;
      const adaptive = createAdaptiveLimit(BOUNDS, () => now);
      for (const { milliseconds, kind, wanted } of calls) {
        const before = adaptive.limit;
        if (wanted) adaptive.wantMore();
        now += milliseconds;
        const call: CallSeen = { milliseconds, ...(kind !== undefined && { failure: { kind, httpStatus: 400 } }) };
        adaptive.saw(call);
        expect(adaptive.limit).toBeGreaterThanOrEqual(BOUNDS.least);
        expect(adaptive.limit).toBeLessThanOrEqual(BOUNDS.most);
        expect(Number.isInteger(adaptive.limit)).toBe(true);
        expect(adaptive.limit).toBeLessThanOrEqual(before + 1);
        const isRefusal = kind === 'AccessDenied' || kind === 'ObjectNotFound';
        // Equal times are no rise, so a refusal shrinks nothing by itself.
        if (isRefusal && calls.every((other) => other.milliseconds === milliseconds)) {
          expect(adaptive.limit).toBeGreaterThanOrEqual(before);
        }
      }
    }),
    atLeast(200),
  );
});
