import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBackoff } from './backoff.ts';

function delays(random: number, count: number): readonly number[] {
  const backoff = createBackoff({ baseMs: 500, maxMs: 300_000, random: () => random });
  return Array.from({ length: count }, () => backoff.next('a'));
}

describe('createBackoff', () => {
  it('doubles with each failure up to the longest delay', () => {
    expect(delays(1, 12)).toEqual([
      ...[500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000],
      ...[300_000, 300_000],
    ]);
  });

  it('always waits at least a quarter of it', () => {
    expect(delays(0, 3)).toEqual([125, 250, 500]);
  });

  it('counts each key for itself, and begins anew for one that succeeded', () => {
    const backoff = createBackoff({ baseMs: 100, maxMs: 10_000, random: () => 1 });
    expect([backoff.next('a'), backoff.next('a'), backoff.next('b')]).toEqual([100, 200, 100]);
    backoff.forget('a');
    backoff.forget('never seen');
    expect([backoff.next('a'), backoff.next('b')]).toEqual([100, 200]);
  });

  it('never leaves its bounds, after however many failures', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const backoff = createBackoff({ baseMs: 500, maxMs: 300_000, random: () => random });
        for (let count = 0; count < failures; count++) backoff.next('a');
        const delay = backoff.next('a');
        expect(delay).toBeGreaterThanOrEqual(125);
        expect(delay).toBeLessThanOrEqual(300_000);
      }),
    );
  });
});
