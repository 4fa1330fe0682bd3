import { Session } from 'node:inspector';

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface ScriptCoverage {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** From one offset of a file to another. */
type Interval = readonly [from: number, to: number];

/** Which blocks of `src` were run, as V8 counts them. */
export interface Coverage {
  /** How many characters of the source have been run for the first time since the last call. */
  gained(): number;
  /** What `gained` would return for the last calls, without taking notice of it. */
  wouldGain(): number;
  /** From here on everything counts as never run. */
  forget(): void;
  stop(): void;
}

export function startCoverage(): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  /** Parts of functions that were run which were not, by file and function. */
  let unseen = new Map<string, readonly Interval[]>();

  function take(): { readonly next: Map<string, readonly Interval[]>; readonly gain: number } {
    let gain = 0;
    const next = new Map(unseen);
    for (const [id, whole, missed] of functionsRun(session)) {
      const before = unseen.get(id) ?? [whole];
      const after = intersection(before, missed);
      gain += lengthOf(before) - lengthOf(after);
      next.set(id, after);
    }
    return { next, gain };
  }

  return {
    gained() {
      const { next, gain } = take();
      unseen = next;
      return gain;
    },
    wouldGain: () => take().gain,
    forget() {
      take();
      unseen = new Map();
    },
    stop() {
      session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}

/** The functions of `src` that were run since the last call: each as a whole, and the parts of it that were not run. */
function functionsRun(session: Session): readonly (readonly [string, Interval, readonly Interval[]])[] {
  let scripts: readonly ScriptCoverage[] = [];
  // An inspector of the own process answers before `post` returns.
  session.post('Profiler.takePreciseCoverage', (error, answer) => {
    if (error !== null) throw error;
    scripts = answer.result;
  });
  return scripts
    .filter(({ url }) => url.includes('/src/'))
    .flatMap(({ url, functions }) =>
      functions.flatMap(({ ranges }) => {
        const [whole, ...parts] = ranges;
        if (whole === undefined || whole.count === 0) return [];
        const missed = parts.filter(({ count }) => count === 0).map(intervalOf);
        return [[`${url} ${whole.startOffset}`, intervalOf(whole), missed] as const];
      }),
    );
}

function intervalOf({ startOffset, endOffset }: Range): Interval {
  return [startOffset, endOffset];
}

function intersection(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  return left.flatMap(([from, to]) =>
    right
      .map(([start, end]): Interval => [Math.max(from, start), Math.min(to, end)])
      .filter(([start, end]) => start < end),
  );
}

function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, [from, to]) => sum + to - from, 0);
}
