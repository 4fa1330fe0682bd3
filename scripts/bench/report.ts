import type { Floor } from './measure-floor.ts';
import type { OperatorFigures } from './measure-operator.ts';

/** The results of one run of `converge`. */
export interface Figures {
  readonly objects: number;
  readonly buckets: number;
  readonly cores: number;
  readonly date: string;
  readonly operator: OperatorFigures;
  readonly floor: Floor;
  readonly against?: OperatorFigures & { readonly revision: string };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

type Cell = (figures: OperatorFigures) => string;

const ROWS: readonly (readonly [what: string, cell: Cell, aim?: string])[] = [
  ['start until all Ready', ({ seconds }) => `${seconds.toFixed(1)} s`],
  ['processor time until then', ({ cpuSeconds }) => `${cpuSeconds.toFixed(1)} s`],
  ['start to Ready, p50 and p99', ({ readyP50, readyP99 }) => `${readyP50.toFixed(1)} s, ${readyP99.toFixed(1)} s`],
  ['store requests for each object', ({ storeRequests }) => storeRequests.toFixed(1)],
  ['status writes for each TeamStorage', ({ statusWrites }) => statusWrites.toFixed(3), '1'],
  ['status writes of the InstanceStorage', ({ instanceStatusWrites }) => String(instanceStatusWrites)],
  ['events for each object', ({ eventWrites }) => eventWrites.toFixed(3)],
  ['writes of ledger and outputs, in all', ({ outputWrites }) => String(outputWrites)],
  ['writes at rest', ({ restingWrites }) => String(restingWrites), '0'],
  ['start to listening', ({ listeningSeconds }) => `${listeningSeconds.toFixed(2)} s`, '< 0.5 s'],
  ['longest block of the event loop', ({ longestBlockMs }) => `${longestBlockMs.toFixed(0)} ms`, '< 250 ms'],
  ['without waits for a processor', ({ longestOwnMs }) => `${longestOwnMs.toFixed(0)} ms`],
  ['longest use of the processor in a block', ({ longestStepMs }) => `${longestStepMs.toFixed(0)} ms`],
  ['memory at most (RSS)', ({ peakRssMb }) => `${peakRssMb.toFixed(0)} MB`, '< 220 MB'],
  ['memory at rest (RSS)', ({ restingRssMb }) => `${restingRssMb.toFixed(0)} MB`, '< 120 MB'],
  ['heap in use at rest', ({ restingHeapMb }) => `${restingHeapMb.toFixed(0)} MB`],
];

/** Prints the figures as a table, with their targets. */
export function printTable({ objects, buckets, cores, operator, floor, against }: Figures): void {
  console.log(`${objects} TeamStorages on ${buckets} buckets, and an InstanceStorage, on ${cores} cores`);
  const line = (...cells: readonly string[]): void =>
    console.log(
      cells
        .map((cell, index) => cell.padEnd(index === 0 ? 40 : 20))
        .join('')
        .trimEnd(),
    );
  line('', 'operator', ...(against === undefined ? [] : [against.revision]), 'target');
  for (const [what, cell, aim = ''] of ROWS) {
    line(what, cell(operator), ...(against === undefined ? [] : [cell(against)]), aim);
  }
  const ratio = (value: number, other: number): string => `${(value / other).toFixed(2)} times`;
  line('floor: time, processor time', `${floor.seconds.toFixed(1)} s, ${floor.cpuSeconds.toFixed(1)} s`);
  line('floor: store requests for each team', (floor.requests / objects).toFixed(1));
  line('time, compared with the floor', ratio(operator.seconds, floor.seconds), '<= 1.3 times');
  line('processor time, compared with the floor', ratio(operator.cpuSeconds, floor.cpuSeconds));
  if (against === undefined) return;
  line(`time, compared with ${against.revision}`, ratio(operator.seconds, against.seconds), '<= 0.5 times');
  line(
    `processor time, compared with ${against.revision}`,
    ratio(operator.cpuSeconds, against.cpuSeconds),
    '<= 0.4 times',
  );
}
