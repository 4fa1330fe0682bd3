import { expect, it } from '@jest/globals';
import { flawsOfChurn } from './judge.ts';
import { logFlaws } from './log.ts';
import type { Churn } from './run.ts';
import type { Sample } from './sample.ts';

const ROUNDS = 16;

/** A run of three minutes whose samples are changed by their number. */
function churn(change: (index: number) => Partial<Sample> = () => ({})): Churn {
  const level = { rssMb: 124, heapMb: 30, files: 29, sockets: 7, timers: 34 };
  const samples = Array.from({ length: ROUNDS }, (_, index) => ({ seconds: 12 * index, ...level, ...change(index) }));
  return { ...{ seed: 1, minutes: 3, rounds: ROUNDS, teams: 26, done: {}, wrong: [] }, samples };
}

it('takes noise, the warm-up and a saw for what they are', () => {
  expect(flawsOfChurn(churn())).toEqual([]);
  expect(flawsOfChurn(churn((index) => ({ sockets: index % 5 === 0 ? 10 : 7 })))).toEqual([]);
  expect(flawsOfChurn(churn((index) => ({ heapMb: 30 + (index % 4) / 3 })))).toEqual([]);
  expect(flawsOfChurn(churn((index) => ({ rssMb: Math.min(124, 90 + 8 * index) })))).toEqual([]);
});

it.each([
  ['a socket in each third round', (index: number) => ({ sockets: 7 + Math.floor(index / 3) }), 'grows: sockets'],
  ['a file in each third round', (index: number) => ({ files: 29 + Math.floor(index / 3) }), 'grows: files'],
  ['a timer in each third round', (index: number) => ({ timers: 34 + Math.floor(index / 3) }), 'grows: timers'],
  ['a megabyte of the heap in each round', (index: number) => ({ heapMb: 30 + index }), 'grows: heapMb'],
  ['three megabytes in each round', (index: number) => ({ rssMb: 124 + 3 * index }), 'grows: rssMb'],
])('finds %s', (_what, change, flaw) => {
  expect(flawsOfChurn(churn(change))).toEqual([expect.stringContaining(flaw)]);
});

it('says so where there are too few samples, and what else was wrong', () => {
  const run = churn();
  const short = { ...run, samples: run.samples.slice(0, 6), wrong: ['left in churn-1: a'] };
  expect(flawsOfChurn(short)).toEqual(['left in churn-1: a', 'only 3 samples in the second half']);
});

it('knows the lines that a healthy operator does not log', () => {
  const line = (level: string, message: string): string => JSON.stringify({ level, message });
  const healthy = [line('info', 'started'), line('warn', 'readiness changed'), line('warn', 'watch interrupted'), ''];
  expect(logFlaws(healthy.join('\n'))).toEqual([]);

  const odd = [line('error', 'reconcile threw'), line('warn', 'something new'), '(node:1) MaxListenersExceededWarning'];
  expect(logFlaws([...healthy, ...odd, ...odd].join('\n'))).toEqual([
    expect.stringMatching(/^logged as error: reconcile threw, 2 times/),
    expect.stringMatching(/^logged as warn: something new, 2 times/),
    expect.stringMatching(/^no line of the log, 2 times: \(node:1\) Max/),
  ]);
});
