import fc from 'fast-check';
import { story } from './commands.ts';
import { play } from './run.ts';

/** The stories of both halves; CI plays more, and `npm run soak` many more. */
const STORIES = Number(process.env['BYOB_MODEL_RUNS'] ?? 200);
/** To see a failure again: what its message says. */
const { BYOB_MODEL_SEED: seedAsked, BYOB_MODEL_PATH: pathAsked } = process.env;

/** Plays half of the stories, the same ones each time: two files share the cores. */
export async function checkStories(half: 1 | 2): Promise<void> {
  const broken = await brokenStory(seedAsked === undefined ? half : Number(seedAsked), Math.ceil(STORIES / 2));
  if (broken !== undefined) throw new Error(broken);
}

/** The shortest story of a seed that breaks a promise, and how to play it again; `undefined` when all of `count` hold. */
export async function brokenStory(seed: number, count: number): Promise<string | undefined> {
  const holds = fc.asyncProperty(story, async (steps) => {
    await play(steps);
  });
  const result = await fc.check(holds, {
    numRuns: count,
    seed,
    ...(pathAsked !== undefined && { path: pathAsked, endOnFailure: true }),
  });
  if (!result.failed) return undefined;
  const { errorInstance, counterexamplePath, numRuns, numShrinks } = result;
  const why = Error.isError(errorInstance) ? errorInstance.message : String(errorInstance);
  const again = `BYOB_MODEL_SEED=${seed} BYOB_MODEL_PATH=${counterexamplePath ?? ''}`;
  return `${why}\nafter ${numRuns} stories and ${numShrinks} shrinks; ${again}`;
}
