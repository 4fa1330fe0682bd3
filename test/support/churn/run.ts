import { randomFrom } from '../../servers/random.ts';
import { until } from '../../servers/until.ts';
import { pause } from './actions.ts';
import { finalFlaws } from './end.ts';
import type { Sample } from './sample.ts';
import { startWorld, type World } from './world.ts';

/** Connections to stores are kept for ten seconds, and some answers are awaited longer. */
const IDLE_SECONDS = 60;
/** Connections to the API server are kept for four seconds. */
const SILENT_MS = 5_000;
const LOOK_EVERY_MS = 250;
/** A slow machine needs longer for enough of them. */
const LEAST_ROUNDS = 14;

/** What a run has shown. */
export interface Churn {
  readonly seed: number;
  readonly minutes: number;
  readonly rounds: number;
  /** That are there at each rest. */
  readonly teams: number;
  /** How often each thing was done. */
  readonly done: Readonly<Record<string, number>>;
  readonly samples: readonly Sample[];
  /** What was wrong on the way and in the end, without what the samples say. */
  readonly wrong: readonly string[];
}

/** Lets a population of teams change for so long at least, and reads at each rest what the operator holds. */
export async function playChurn(options: {
  readonly minutes: number;
  readonly seed: number;
  /** Called after each round. */
  readonly progress?: (sample: Sample, rounds: number) => void;
}): Promise<Churn> {
  const { minutes, seed } = options;
  const world = await startWorld(randomFrom(seed));
  const { population } = world;
  const samples: Sample[] = [];
  const wrong: string[] = [];
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  let rounds = 0;
  try {
    await population.fill();
    while (seconds() < minutes * 60 || rounds < LEAST_ROUNDS) {
      await population.round();
      rounds += 1;
      // Where connections stay open, a wait for each round would leave few of them.
      if (wrong.length === 0) wrong.push(...(await rest(world)));
      const sample = { seconds: Math.round(seconds()), ...(await world.sampler.sample()) };
      samples.push(sample);
      options.progress?.(sample, rounds);
    }
    wrong.push(...(await finalFlaws(world)));
  } finally {
    await world.stop();
  }
  const teams = population.teams.filter(({ isPresent }) => isPresent).length;
  return { seed, minutes: (samples.at(-1)?.seconds ?? 0) / 60, rounds, teams, done: population.done, samples, wrong };
}

/** Waits until nothing is under way any more; what does not end. */
async function rest({ sampler, stores }: World): Promise<readonly string[]> {
  await until('the queues are empty and no probe runs', async () => (await sampler.work()) === 0, IDLE_SECONDS);
  let requests = await sampler.requests();
  let since = performance.now();
  const isIdle = async (): Promise<boolean> => {
    await pause(LOOK_EVERY_MS);
    const sent = await sampler.requests();
    if (sent !== requests) [requests, since] = [sent, performance.now()];
    return sampler.socketsTo(stores.ports) === 0 && performance.now() - since >= SILENT_MS;
  };
  return until('nothing is sent any more, and no connection to a store is open', isIdle, IDLE_SECONDS).then(
    () => [],
    () => [`after ${IDLE_SECONDS} s of rest ${sampler.socketsTo(stores.ports)} connections to stores are open`],
  );
}
