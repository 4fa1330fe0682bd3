import { jest } from '@jest/globals';
import fc from 'fast-check';

/** In the soak, each property is tried with many more inputs than by default. */
const runs = Number(process.env['BYOB_PROPERTY_RUNS'] ?? 0);
const HOUR_MS = 3_600_000;
/** A net for hangs, on a machine of any speed. */
const USUAL_MS = 120_000;

jest.setTimeout(runs > 0 ? HOUR_MS : USUAL_MS);
if (runs > 0) fc.configureGlobal({ numRuns: runs });

/** For a property that needs another number of inputs than by default: in the soak at least as many as all others. */
export function atLeast(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.max(usual, runs) };
}
