import { DisturbedRun, FAULTS, startFailoverPair, type FailoverPair, type FailoverResult } from './pair.ts';
import type { AuditedWrite } from '../../servers/audit.ts';
import { randomFrom } from '../../servers/random.ts';

/** After so many runs a pair gets a new namespace and new logs. */
const RUNS_OF_PAIR = 40;
const TEN_MINUTES = 600_000;
/** How far the clocks of the two replicas are off. */
const CLOCKS = [
  [0, 0],
  [0, TEN_MINUTES],
  [-TEN_MINUTES, 0],
] as const;
/** Of a replica with a wrong clock: that the store's is another one is no matter of these runs. */
const CLAIMS = { spec: { validation: { ignore: ['ClockInSync'] } } } as const;

interface Played extends FailoverResult {
  readonly isSkewed: boolean;
}

/** What a series of runs has shown so far. */
export interface FailoverTally {
  readonly results: readonly Played[];
  /** Runs that did not come to their end, with the reason. */
  readonly broken: readonly string[];
  /** Runs that were repeated because the machine was too slow for them. */
  readonly disturbed: number;
}

/** Ends leaders in every way in turn, at random moments, on some pairs of replicas at a time. */
export async function playFailovers(options: {
  readonly runs: number;
  readonly pairs: number;
  readonly seed: number;
  /** Called after each run. */
  readonly progress: (tally: FailoverTally) => void;
}): Promise<FailoverTally> {
  const faults = Array.from({ length: options.runs }, (_, index) => FAULTS[index % FAULTS.length] ?? 'Kill');
  const results: Played[] = [];
  const broken: string[] = [];
  let pairs = 0;
  let disturbed = 0;

  async function playOn(pair: FailoverPair, isSkewed: boolean, random: () => number): Promise<void> {
    for (let count = 0; count < RUNS_OF_PAIR; count += 1) {
      const fault = faults.shift();
      if (fault === undefined) return;
      const result = await pair.run(fault, random).catch((error: unknown) => {
        if (error instanceof DisturbedRun) {
          disturbed += 1;
          faults.push(fault);
          return;
        }
        // The others go on: a long series shows all that it finds.
        broken.push(`${fault} in ${pair.namespace}: ${String(error)}`);
      });
      if (result !== undefined) results.push({ ...result, isSkewed });
      options.progress({ results, broken, disturbed });
      if (result === undefined) return;
    }
  }

  async function playSome(random: () => number): Promise<void> {
    while (faults.length > 0) {
      const [first, second] = CLOCKS[pairs % CLOCKS.length] ?? CLOCKS[0];
      pairs += 1;
      const pair = await startFailoverPair({ first: { skewMs: first }, second: { skewMs: second }, claims: CLAIMS });
      await playOn(pair, first !== second, random);
      await pair.stop();
    }
  }

  await Promise.all(Array.from({ length: options.pairs }, (_, index) => playSome(randomFrom(options.seed + index))));
  return { results, broken, disturbed };
}

/** Everything that must not be; empty when all is well. */
export function flawsOfFailovers({ results, broken }: FailoverTally): readonly string[] {
  const late = results.flatMap(({ fault, accepted, overwriting }) =>
    // What was sent before the leader ended cannot be called back. It takes effect where nobody has written since.
    (fault === 'Late' ? overwriting : accepted.filter(changesObjects)).map(
      (write) => `${fault}: took effect late: ${JSON.stringify(write)}`,
    ),
  );
  return [...broken, ...late];
}

/**
 * A process may be stopped between its look at the lease and the request that it then sends. The API server refuses it,
 * because the version that it is for is not the present one; a new Event has none, and changes nothing.
 */
export function changesObjects({ resource }: AuditedWrite): boolean {
  return resource !== 'events';
}

/** Counts by fault. */
export function summaryOfFailovers({ results, broken, disturbed }: FailoverTally): string {
  const lines = Map.groupBy(results, ({ fault }) => fault);
  const skewed = results.filter(({ isSkewed }) => isSkewed).length;
  return [
    `${results.length} failovers (${skewed} between clocks that differ by ten minutes), ${broken.length} broken off, ${disturbed} repeated`,
    ...[...lines].map(([fault, those]) => lineOf(fault, those)).sort(),
  ].join('\n  ');
}

function lineOf(fault: FailoverResult['fault'], results: readonly FailoverResult[]): string {
  const count = (of: 'accepted' | 'overwriting' | 'conflicts' | 'refused'): number =>
    results.reduce((sum, result) => sum + result[of].length, 0);
  const accepted = Map.groupBy(
    results.flatMap((result) => result.accepted),
    ({ verb, resource }) => `${verb} ${resource}`,
  );
  const what = [...accepted].map(([name, those]) => `; ${name}: ${those.length}`).join('');
  const times = results.map(({ takeoverMs }) => takeoverMs).sort((left, right) => left - right);
  return (
    `${fault}: ${results.length} runs; late writes of the former leader: ${count('accepted')} took effect ` +
    `(${count('overwriting')} over one of the new leader${what}), ${count('conflicts')} conflicts, ` +
    `${count('refused')} otherwise refused; takeover ${times[Math.floor(times.length / 2)] ?? 0} ms (median), ${times.at(-1) ?? 0} ms (most)`
  );
}
