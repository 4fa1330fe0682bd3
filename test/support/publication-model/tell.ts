import fc from 'fast-check';
import { story } from './commands.ts';
import { play } from './run.ts';

const isSoak = process.env['BYOB_SOAK'] === '1';
/** The stories of both halves. */
const STORIES = Number(process.env['BYOB_MODEL_RUNS'] ?? (isSoak ? 100_000 : 2_000));
/** To see a failure again: what its message says. */
const { BYOB_MODEL_SEED: seedAsked, BYOB_MODEL_PATH: pathAsked } = process.env;

/** Plays half of the stories: two files share the cores. The soak tells others each time. */
export async function tellStories(half: 1 | 2): Promise<void> {
  const seed = seedAsked === undefined ? (isSoak ? Date.now() % 1e9 : 0) + half : Number(seedAsked);
  const holds = fc.asyncProperty(story, async (steps) => {
    await play(steps);
  });
  const result = await fc.check(holds, {
    numRuns: Math.ceil(STORIES / 2),
    seed,
    ...(pathAsked !== undefined && { path: pathAsked, endOnFailure: true }),
  });
  if (!result.failed) return;
  const { errorInstance, counterexamplePath, numRuns, numShrinks } = result;
  const why = Error.isError(errorInstance) ? errorInstance.message : String(errorInstance);
  const again = `BYOB_MODEL_SEED=${seed} BYOB_MODEL_PATH=${counterexamplePath ?? ''}`;
  throw new Error(`${why}\nafter ${numRuns} stories and ${numShrinks} shrinks; ${again}`);
}
