import { INTERVALS } from '../../domain/intervals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import { Crowds } from './crowds.ts';
import { isAwaitedCause, type PublicationCause } from './publication-cause.ts';

/** What is known of the last run for an instance; all in milliseconds. */
interface Run {
  readonly endedAt: number;
  readonly took: number;
  /** The time until which the runs have used up their share. */
  readonly usedUntil: number;
  readonly between: Readonly<Record<keyof typeof GATHERING.between, number>>;
}

/** A run for which somebody waits. */
interface Awaited {
  /** In milliseconds. */
  readonly since: number;
  /** Nothing stands back for it any more. */
  readonly release: () => void;
}

const GATHERING = INTERVALS.publication.gatherProofs;
/** Milliseconds by which runs may be ahead of their share. The same for all: a slow run must not let the next ones begin earlier. */
const AHEAD_MS = (GATHERING.atOnce - 1) * GATHERING.between.others.least;

/** Decides when the publisher of an instance runs next. */
export interface ProofGathering {
  /** Queues the instance, `namespace/name`. */
  publish(instance: string, cause: PublicationCause): void;
  /** To be called when a run has changed what is published. */
  published(instance: string): void;
  /** To be called at the end of each run, whatever came of it, before its key is given back to the queue. */
  ended(instance: string): void;
}

/**
 * One run of the publisher costs the same for one proof as for many, and up to three writes. So a few runs may follow
 * each other at once, such as an edit and the proof after it; in a stream of proofs there is one run a second, and fewer
 * where a run takes long: over thousands of claims, or on a busy machine. Otherwise publication would take a share of the
 * processor that grows with the fleet.
 */
export function createProofGathering(deps: {
  readonly queue: Pick<WorkQueue, 'addAfter' | 'runningFor'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** What nobody waits for stands back until the result is called. */
  readonly hold: () => () => void;
}): ProofGathering {
  const runs = new Map<string, Run>();
  const awaited = new Map<string, Awaited>();
  const crowds = new Map<string, Crowds>();
  const { least } = GATHERING;

  function due(instance: string, isAwaited: boolean): number {
    const last = lastRun(instance);
    if (last === undefined) return -Infinity;
    const gathered = last.usedUntil - AHEAD_MS;
    return isAwaited ? Math.min(gathered, last.endedAt + last.between.soon) : gathered;
  }

  function isAwaited(instance: string, cause: PublicationCause, now: number): boolean {
    const known = crowds.get(instance) ?? new Crowds();
    crowds.set(instance, known);
    known.add(cause, now);
    return isAwaitedCause(cause) && !known.isOneOfMany(cause, now);
  }

  /** Whether what is awaited came during the run that is under way. */
  function isOfNextRun(instance: string, now: number): boolean {
    const { since = -Infinity } = awaited.get(instance) ?? {};
    return since > now - (deps.queue.runningFor(instance) ?? 0);
  }

  function holdFor(instance: string, now: number): void {
    const before = awaited.get(instance);
    awaited.set(instance, { since: now, release: deps.hold() });
    before?.release();
  }

  /** A run that is under way counts as one that takes as long as the one before. */
  function lastRun(instance: string): Run | undefined {
    const last = runs.get(instance);
    const sofar = deps.queue.runningFor(instance);
    if (last === undefined || sofar === undefined) return last;
    const took = Math.max(last.took, sofar);
    return afterRun(last, deps.clock.monotonic() - sofar + took, took);
  }

  return {
    publish(instance, cause) {
      const now = deps.clock.monotonic();
      const isSoon = isAwaited(instance, cause, now);
      if (isSoon) holdFor(instance, now);
      const lane = isSoon || cause.kind === 'repair' ? 'fast' : 'periodic';
      deps.queue.addAfter(instance, Math.max(least, due(instance, isSoon) - now), lane);
    },
    published(instance) {
      const now = deps.clock.monotonic();
      const took = deps.queue.runningFor(instance) ?? 0;
      const run = afterRun(runs.get(instance), now, took);
      runs.set(instance, run);
      // It came during the run, and is not part of it. How long that takes could only be guessed then.
      if (isOfNextRun(instance, now)) deps.queue.addAfter(instance, run.between.soon, 'fast');
    },
    ended(instance) {
      const waits = awaited.get(instance);
      if (waits === undefined || isOfNextRun(instance, deps.clock.monotonic())) return;
      awaited.delete(instance);
      waits.release();
    },
  };
}

function afterRun(before: Run | undefined, endedAt: number, took: number): Run {
  const between = { soon: pauseAfter('soon', took), others: pauseAfter('others', took) };
  const used = Math.max(before?.usedUntil ?? 0, endedAt - took) + between.others;
  // Awaited runs may follow each other faster than this. What comes after them waits no longer for that.
  const usedUntil = Math.min(used, endedAt + AHEAD_MS + between.others);
  return { endedAt, took, usedUntil, between };
}

/** The pause after a run that took so long; both in milliseconds. */
function pauseAfter(kind: keyof typeof GATHERING.between, took: number): number {
  const { least, times, most } = GATHERING.between[kind];
  return Math.min(most, Math.max(least, took * times));
}
