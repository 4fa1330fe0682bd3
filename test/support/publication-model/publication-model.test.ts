import { it, jest } from '@jest/globals';
import fc from 'fast-check';
import zlib from 'node:zlib';

// At once and not on a thread: which of two ledgers is packed first would be a matter of luck.
jest.unstable_mockModule('node:zlib', () => {
  type Done = (error: Error | null, result?: Buffer) => void;
  const now =
    (work: (input: Buffer, options: object) => Buffer) =>
    (input: Buffer, options: object, done: Done): void => {
      queueMicrotask(() => {
        let result: Buffer;
        try {
          result = work(input, options);
        } catch (error) {
          done(error as Error);
          return;
        }
        done(null, result);
      });
    };
  const gzip = now((input) => zlib.gzipSync(input, { level: 1 }));
  const gunzip = now((input) => zlib.gunzipSync(input));
  return { ...zlib, default: { ...zlib, gzip, gunzip }, gzip, gunzip };
});

const { story } = await import('./commands.ts');
const { play } = await import('./run.ts');

const RUNS = Number(process.env['BYOB_MODEL_RUNS'] ?? (process.env['BYOB_SOAK'] === '1' ? 100_000 : 2_000));
/** The same stories at each run, so that a change is what a failure is about; the soak tells others each time. */
const FIXED_SEED = process.env['BYOB_SOAK'] === '1' ? undefined : '20261127';
/** To see a failure again: what its message says. */
const SEED = process.env['BYOB_MODEL_SEED'] ?? FIXED_SEED;
const PATH = process.env['BYOB_MODEL_PATH'];

it(
  'keeps P1 to P7 of publication, whatever happens in whatever order',
  async () => {
    const property = fc.asyncProperty(story, play);
    const result = await fc.check(property, {
      numRuns: RUNS,
      ...(SEED !== undefined && { seed: Number(SEED) }),
      ...(PATH !== undefined && { path: PATH, endOnFailure: true }),
    });
    if (!result.failed) return;
    const { errorInstance, seed, counterexamplePath, numRuns, numShrinks } = result;
    const why = Error.isError(errorInstance) ? errorInstance.message : String(errorInstance);
    throw new Error(
      `${why}\nafter ${numRuns} sequences and ${numShrinks} shrinks; seed ${seed}, path ${counterexamplePath ?? ''}`,
    );
  },
  24 * 3_600_000,
);
