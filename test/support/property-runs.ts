import { jest } from '@jest/globals';
import fc from 'fast-check';

/** In the soak, each property is tried with many more inputs than by default. */
const runs = Number(process.env['BYOB_PROPERTY_RUNS'] ?? 0);
const HOUR_MS = 3_600_000;

if (runs > 0) {
  fc.configureGlobal({ numRuns: runs });
  jest.setTimeout(HOUR_MS);
}

/** For a property that needs another number of inputs than by default: in the soak at least as many as all others. */
export function atLeast(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.max(usual, runs) };
}
