import type { Churn } from './run.ts';
import type { Sample } from './sample.ts';
import { median, slopeOf } from './slope.ts';

/** So few samples would show nothing. */
const LEAST_SAMPLES = 6;

type Figure = Exclude<keyof Sample, 'seconds'>;

interface Limit {
  readonly figure: Figure;
  readonly unit: string;
  /** How much it may grow from the middle of the run to its end. */
  readonly growth: (level: number, seconds: number) => number;
}

/**
 * Memory is noisy: V8 compiles code for minutes, the allocator keeps pages, and texts of conditions are shared in tables
 * that are emptied at 2,000 texts, each a few hundred bytes: a saw of about a megabyte. So the limit is a share of the
 * level. For the heap of 31 MB that is 1.5 MB in a long run: of the 4,500 actions of the second half of three hours, each
 * may leave 350 bytes. At that pace the heap would not be twice as large within a day. In a few minutes it is twice as
 * much: healthy runs came to four fifths of the limit of long ones. What is kept by object is found at once, whatever its
 * size: see `holdersOf`.
 */
const MEMORY = (level: number, seconds: number): number => (seconds < 600 ? 0.1 : 0.05) * level;

/**
 * The population has the same size at each rest, so what the operator holds is the same too. Descriptors, sockets and
 * timers are counted: not one may be added, whatever the length of the run.
 */
const LIMITS: readonly Limit[] = [
  { figure: 'rssMb', unit: 'MB', growth: MEMORY },
  { figure: 'heapMb', unit: 'MB', growth: MEMORY },
  { figure: 'files', unit: '', growth: () => 1 },
  { figure: 'sockets', unit: '', growth: () => 1 },
  { figure: 'timers', unit: '', growth: () => 1 },
];

/** Of one figure in the second half of a run. */
export interface Trend {
  readonly figure: Figure;
  readonly unit: string;
  readonly level: number;
  /** By the median slope, over the whole half. */
  readonly growth: number;
  readonly limit: number;
}

/** The first half is the warm-up. */
export function trendsOf(samples: readonly Sample[]): readonly Trend[] {
  const half = secondHalf(samples);
  const span = (half.at(-1)?.seconds ?? 0) - (half[0]?.seconds ?? 0);
  return LIMITS.map(({ figure, unit, growth }) => {
    const points = half.map((sample) => ({ at: sample.seconds, value: sample[figure] }));
    const level = median(points.map(({ value }) => value));
    return { figure, unit, level, growth: slopeOf(points) * span, limit: growth(level, span) };
  });
}

function secondHalf(samples: readonly Sample[]): readonly Sample[] {
  const end = samples.at(-1)?.seconds ?? 0;
  return samples.filter(({ seconds }) => seconds >= end / 2);
}

/** Everything that must not be; empty when all is well. */
export function flawsOfChurn({ samples, wrong }: Churn): readonly string[] {
  const count = secondHalf(samples).length;
  const few = count < LEAST_SAMPLES ? [`only ${count} samples in the second half`] : [];
  const grown = trendsOf(samples).filter(({ growth, limit }) => growth > limit);
  return [...wrong, ...few, ...grown.map((trend) => `grows: ${lineOf(trend)}`)];
}

export function summaryOfChurn({ minutes, rounds, done, samples }: Churn): string {
  const actions = Object.entries(done).sort(([left], [right]) => (left < right ? -1 : 1));
  const total = actions.reduce((sum, [, count]) => sum + count, 0);
  return [
    `${minutes.toFixed(1)} minutes, ${rounds} rounds, ${total} actions`,
    actions.map(([name, count]) => `${name}: ${count}`).join(', '),
    ...trendsOf(samples).map(lineOf),
  ].join('\n  ');
}

function lineOf({ figure, unit, level, growth, limit }: Trend): string {
  const number = (value: number): string => `${value.toFixed(2)} ${unit}`.trim();
  return `${figure}: ${number(level)}, grew by ${number(growth)} in the second half (limit ${number(limit)})`;
}
