import { beforeEach, expect, it } from '@jest/globals';
import { createFakeClock, type FakeClock } from '../../../test/support/fakes/clock.ts';
import { createWorkQueue } from '../../runtime/work-queue.ts';
import { createProofGathering, type ProofGathering, type PublicationCause } from './gather-proofs.ts';

const INSTANCE = 'ns/wandb';
let clock: FakeClock;
let gathering: ProofGathering;
let claims: number;
/** When each run of the publisher ended, in milliseconds. */
let runs: number[];

beforeEach(async () => {
  clock = createFakeClock();
  const queue = createWorkQueue(clock);
  gathering = createProofGathering({ queue, clock });
  runs = [];
  claims = 0;
  void work();
  await Promise.resolve();

  async function work(): Promise<void> {
    for (let key = await queue.get('fast'); key !== undefined; key = await queue.get('fast')) {
      runs.push(clock.monotonic());
      gathering.published(key, claims);
      queue.done(key);
    }
  }
});

/** Time passes, with a cause at each of the given moments. */
async function pass(until: number, causes: readonly (readonly [number, PublicationCause])[]): Promise<void> {
  for (let at = clock.monotonic(); at <= until; at += 10) {
    for (const [when, cause] of causes) if (when === at) gathering.publish(INSTANCE, cause);
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
    clock.advance(10);
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve();
  }
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
  expect(runs.filter((at) => at > 2_000 && at < 2_500)).toEqual([2_100, 2_400]);
});

it('publishes a proof within two seconds of the last run, also after a long stream of rotations', async () => {
  const rotations = Array.from({ length: 30 }, (_, index) => [index * 300, 'rotation'] as const);
  await pass(9_400, rotations);
  const last = runs.at(-1) ?? 0;
  await pass(12_000, [[9_500, 'other']]);
  expect(runs.filter((at) => at > last)).toEqual([last + 2_000]);
});

it('makes fewer runs over thousands of claims, and publishes a rotated key as soon among them', async () => {
  claims = 4_000;
  const proofs = Array.from({ length: 400 }, (_, index) => [index * 50, 'other'] as const);
  await pass(20_000, [...proofs, [15_200, 'rotation']]);
  expect(runs.filter((at) => at <= 16_000)).toEqual([100, 200, 300, 3_100, 6_100, 9_100, 12_100, 15_100, 15_600]);
});

it('does not let one instance wait for another', async () => {
  for (let times = 0; times < 10; times += 1) gathering.published('ns/other', 0);
  await pass(500, [[0, 'other']]);
  expect(runs).toEqual([100]);
});
