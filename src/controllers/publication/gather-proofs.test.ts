import { beforeEach, expect, it } from '@jest/globals';
import { createFakeClock, type FakeClock } from '../../../test/support/fakes/clock.ts';
import { createWorkQueue } from '../../runtime/work-queue.ts';
import { createProofGathering, type ProofGathering } from './gather-proofs.ts';

/** `rotation`: each to a key of its own. `key`: one new key, on one more bucket. */
type Cause = 'rotation' | 'key' | 'newcomer' | 'edit' | 'other';

const INSTANCE = 'ns/wandb';
let clock: FakeClock;
let gathering: ProofGathering;
/** How long each of them takes. */
let runTakes: number;
/** When each run of the publisher ended, in milliseconds. */
let runs: number[];
/** Holds that have not ended. */
let held: number;
let publishes: boolean;

beforeEach(async () => {
  clock = createFakeClock();
  const queue = createWorkQueue(clock);
  held = 0;
  publishes = true;
  const hold = () => {
    held += 1;
    return () => void (held -= 1);
  };
  gathering = createProofGathering({ queue, clock, hold });
  runs = [];
  runTakes = 0;
  void work();
  await Promise.resolve();

  async function work(): Promise<void> {
    for (let key = await queue.get('periodic'); key !== undefined; key = await queue.get('periodic')) {
      if (runTakes > 0) await new Promise<void>((resolve) => clock.setTimer(runTakes, resolve));
      runs.push(clock.monotonic());
      if (publishes) gathering.published(key);
      gathering.ended(key);
      queue.done(key);
    }
  }
});

/** Time passes, with a cause at each of the given moments. */
async function pass(until: number, causes: readonly (readonly [number, Cause])[]): Promise<void> {
  for (let at = clock.monotonic(); at <= until; at += 10) {
    for (const [when, cause] of causes) if (when === at) publish(cause);
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
    clock.advance(10);
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  }
}

function publish(cause: Cause): void {
  if (cause === 'key') gathering.publish(INSTANCE, { kind: 'rotation', digest: 'shared' });
  else if (cause === 'rotation') gathering.publish(INSTANCE, { kind: 'rotation', digest: `key ${clock.monotonic()}` });
  else gathering.publish(INSTANCE, { kind: cause });
}

it('publishes a lone proof after a tenth of a second', async () => {
  await pass(5_000, [
    [0, 'other'],
    [300, 'other'],
    [4_000, 'other'],
  ]);
  expect(runs).toEqual([100, 400, 4_100]);
});

it('publishes proofs that follow each other once a second, after the first few', async () => {
  const proofs = Array.from({ length: 120 }, (_, index) => [index * 50, 'other'] as const);
  await pass(8_000, proofs);
  expect(runs).toEqual([100, 200, 300, 1_100, 2_100, 3_100, 4_100, 5_100, 6_100]);
});

it('publishes a rotated key soon in a stream of proofs, with what waits', async () => {
  const proofs = Array.from({ length: 60 }, (_, index) => [index * 50, 'other'] as const);
  await pass(3_000, [...proofs, [2_120, 'rotation']]);
  expect(runs.filter((at) => at > 2_000 && at < 2_500)).toEqual([2_100, 2_300]);
});

it('publishes a proof within a second of the last run, also after a long stream of rotations', async () => {
  const rotations = Array.from({ length: 30 }, (_, index) => [index * 300, 'rotation'] as const);
  await pass(9_400, rotations);
  const last = runs.at(-1) ?? 0;
  await pass(12_000, [[9_500, 'other']]);
  expect(runs.filter((at) => at > last)).toEqual([last + 1_000]);
});

it('makes fewer runs where one takes long, and publishes a rotated key as soon', async () => {
  runTakes = 400;
  const proofs = Array.from({ length: 600 }, (_, index) => [index * 50, 'other'] as const);
  const asked = 19_720;
  await pass(22_000, [...proofs, [asked, 'rotation']]);
  const late = runs.filter((at) => at > 5_000);
  expect(late.slice(1, -1).map((at, index) => at - (late[index] ?? 0))).toEqual(Array(late.length - 2).fill(4_000));
  expect(late.at(-1)).toBe(asked + 100 + runTakes);
});

it.each([
  ['a new claim', 'newcomer'],
  ['an edit', 'edit'],
] as const)(
  'publishes %s soon among proofs that confirm what is published, but not one of a crowd',
  async (_, cause) => {
    runTakes = 400;
    const confirmed = Array.from({ length: 300 }, (_one, index) => [index * 50, 'other'] as const);
    const alone = 7_720;
    await pass(11_000, [...confirmed, [alone, cause]]);
    expect(runs).toContain(alone + 100 + runTakes);

    const crowd = Array.from({ length: 400 }, (_one, index) => [11_000 + index * 50, cause] as const);
    await pass(30_000, crowd);
    const pauses = runs.slice(1).map((at, index) => at - (runs[index] ?? 0));
    expect(pauses.slice(-3)).toEqual([4_000, 4_000, 4_000]);
  },
);

it('publishes a new claim soon after a crowd, however many there were', async () => {
  runTakes = 400;
  const crowd = Array.from({ length: 1_000 }, (_, index) => [index * 10, 'newcomer'] as const);
  const confirmed = Array.from({ length: 400 }, (_, index) => [10_000 + index * 50, 'other'] as const);
  const alone = 22_520;
  await pass(25_000, [...crowd, ...confirmed, [alone, 'newcomer']]);
  expect(runs.filter((at) => at > alone && at < 24_000)).toEqual([alone + 100 + runTakes]);
});

it('takes the claims of one crowd together, also where they come in bursts', async () => {
  runTakes = 400;
  const burst = (from: number) => Array.from({ length: 20 }, (_, index) => [from + index * 10, 'newcomer'] as const);
  const bursts = Array.from({ length: 20 }, (_, index) => burst(index * 1_500)).flat();
  await pass(30_000, bursts);
  const pauses = runs.slice(1).map((at, index) => at - (runs[index] ?? 0));
  expect(pauses.length).toBeGreaterThan(5);
  expect(Math.min(...pauses.slice(3))).toBeGreaterThanOrEqual(1_500);
});

it('takes one new key on many buckets together, and publishes another key and a new claim soon meanwhile', async () => {
  runTakes = 400;
  const pilots = Array.from({ length: 400 }, (_, index) => [index * 50, 'key'] as const);
  await pass(25_000, [...pilots, [9_720, 'rotation'], [15_720, 'newcomer']]);
  expect(runs).toEqual(expect.arrayContaining([9_720 + 100 + runTakes, 15_720 + 100 + runTakes]));
  const pauses = runs.slice(1).map((at, index) => at - (runs[index] ?? 0));
  expect(pauses.length).toBeLessThan(14);
});

it('publishes one new key on a few buckets at once', async () => {
  await pass(
    3_000,
    [0, 500, 1_000, 1_500].map((at) => [at, 'key'] as const),
  );
  expect(runs).toEqual([100, 600, 1_100, 1_600]);
});

it('does not run at once for what is asked for during a run', async () => {
  runTakes = 500;
  await pass(1_000, [[0, 'other']]);
  await pass(9_000, [
    [4_000, 'other'],
    [4_300, 'other'],
    [4_600, 'other'],
  ]);
  expect(runs.filter((at) => at > 1_000)).toEqual([4_600, 8_600]);
});

it('runs every fifteen seconds at least, however long a run takes', async () => {
  runTakes = 3_000;
  const proofs = Array.from({ length: 1_800 }, (_, index) => [index * 50, 'other'] as const);
  await pass(90_000, proofs);
  const pauses = runs.slice(1).map((at, index) => at - (runs[index] ?? 0));
  expect(pauses.slice(-3)).toEqual([15_000, 15_000, 15_000]);
});

it('does not let one instance wait for another', async () => {
  for (let times = 0; times < 10; times += 1) gathering.published('ns/other');
  await pass(500, [[0, 'other']]);
  expect(runs).toEqual([100]);
});

it('holds what nobody waits for from an awaited proof until it is published, with what came meanwhile', async () => {
  runTakes = 400;
  await pass(1_000, [[100, 'other']]);
  expect(held).toBe(0);
  // The second comes during the run for the first, which does not publish it.
  await pass(1_990, [
    [1_500, 'rotation'],
    [1_900, 'rotation'],
  ]);
  expect([runs.at(-1), held]).toEqual([2_000, 1]);
  await pass(4_000, []);
  expect([runs.length, held]).toEqual([3, 0]);
});

it('holds nothing for one of a crowd', async () => {
  runTakes = 400;
  await pass(
    20_000,
    Array.from({ length: 400 }, (_, index) => [index * 50, 'newcomer'] as const),
  );
  expect(held).toBe(0);
});

it('holds nothing after a run that could not publish', async () => {
  publishes = false;
  await pass(300, [[100, 'edit']]);
  expect([runs, held]).toEqual([[200], 0]);
});

it('publishes what came during a run soon after its end, though the run before took long', async () => {
  runTakes = 1_000;
  await pass(2_000, [[0, 'edit']]);
  runTakes = 100;
  await pass(8_000, [
    [5_000, 'edit'],
    [5_150, 'rotation'],
  ]);
  expect(runs).toEqual([1_100, 5_200, 5_500]);
});
