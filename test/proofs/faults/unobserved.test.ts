import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { countsOf, createFaultRuns, untilQuiet, type FaultRun, type FaultRuns } from '../../servers/fault-run.ts';
import { applySecret, applyStorage, deleteStorage, getStorage, readSecret } from '../../servers/objects.ts';
import { until } from '../../servers/until.ts';

let runs: FaultRuns;

beforeAll(async () => {
  runs = await createFaultRuns();
});

afterAll(async () => {
  await runs.endAll();
});

interface Case {
  readonly what: string;
  /** What users do, one after the other; the operator sees the last state alone. */
  readonly steps: (run: FaultRun) => readonly (() => Promise<void>)[];
  readonly isOver: (run: FaultRun) => Promise<boolean>;
}

async function stores({ namespace }: FaultRun): Promise<string> {
  return (await readSecret(namespace, 'wandb-storage'))?.['SUPPORTED_FILE_STORES'] ?? '';
}

/** The status is of the newest generation and says Ready. */
async function isReady({ namespace }: FaultRun, name: 'red' | 'blue'): Promise<boolean> {
  const { metadata, status } = await getStorage(namespace, 'TeamStorage', name);
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return status?.observedGeneration === metadata.generation && ready?.status === 'True';
}

const CASES: readonly Case[] = [
  {
    what: 'a key that rotates twice',
    steps: ({ namespace }) => [2, 3].map((number) => () => applySecret(namespace, 'blue', runs.blueKey(number))),
    isOver: async (run) => (await stores(run)).includes('blue-3'),
  },
  {
    what: 'a team that is deleted and created again',
    steps: ({ namespace }) => [
      () => deleteStorage(namespace, 'TeamStorage', 'blue'),
      () => applyStorage(namespace, 'TeamStorage', 'blue', runs.team('blue')),
    ],
    isOver: (run) => isReady(run, 'blue'),
  },
  {
    what: 'a suspension and another deletionPolicy, which are taken back',
    steps: ({ namespace }) =>
      [{ ...runs.team('red'), suspend: true, deletionPolicy: 'Remove' }, runs.team('red')].map(
        (spec) => () => applyStorage(namespace, 'TeamStorage', 'red', spec),
      ),
    isOver: (run) => isReady(run, 'red'),
  },
  {
    what: 'an edit from Remove to Retain, and the deletion after it',
    steps: ({ namespace }) => [
      () => applyStorage(namespace, 'TeamStorage', 'blue', { ...runs.team('blue'), deletionPolicy: 'Retain' }),
      () => deleteStorage(namespace, 'TeamStorage', 'blue'),
    ],
    isOver: async ({ namespace }) => (await countsOf(namespace))['total'] === 1,
  },
];

/** Plays the steps, with each of them seen or with only the last state seen; what is left in the end. */
async function play({ steps, isOver }: Case, isSeen: boolean): Promise<Readonly<Record<string, unknown>>> {
  const run = await runs.begin();
  await runs.publish(run);
  await untilQuiet(run);
  if (!isSeen) run.front.blind();
  const written = run.front.writes.length;
  for (const step of steps(run)) {
    await step();
    if (isSeen) await untilQuiet(run);
  }
  // Nothing was seen, so nothing was written.
  if (!isSeen) expect(run.front.writes).toHaveLength(written);
  expect(run.front.unblind()).toBeGreaterThan(0);
  await until('it is over', () => isOver(run));
  await untilQuiet(run);
  const left = await runs.endState(run);
  await runs.end(run);
  return left;
}

it.each(CASES)(
  '$what ends the same if no state between is observed',
  async (one) => {
    const seen = await play(one, true);
    expect(await play(one, false)).toEqual(seen);
  },
  180_000,
);
