import { INTERVALS } from '../../domain/intervals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';

/**
 * `rotation`: a credential that is published is to be replaced, and the former one may be revoked soon. `other`: a new
 * claim, an edit, or an output that was changed by another client.
 */
export type PublicationCause = 'rotation' | 'other';

type Between = Readonly<Record<PublicationCause, number>>;

/** Decides when the publisher of an instance runs next. */
export interface ProofGathering {
  /** Queues the instance, `namespace/name`. */
  publish(instance: string, cause: PublicationCause): void;
  /** To be called at the end of each run. */
  published(instance: string): void;
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
}): ProofGathering {
  /** By instance: the end of its last run, the time until which its runs have used up their share, and its pauses. */
  const runs = new Map<string, { readonly endedAt: number; readonly usedUntil: number; readonly between: Between }>();
  const { least, atOnce } = INTERVALS.publication.gatherProofs;

  function pauseUntil(instance: string, cause: PublicationCause): number {
    const last = runs.get(instance);
    if (last === undefined) return -Infinity;
    const { endedAt, usedUntil, between } = last;
    const gathered = usedUntil - (atOnce - 1) * between.other;
    return cause === 'rotation' ? Math.min(gathered, endedAt + between.rotation) : gathered;
  }

  return {
    publish(instance, cause) {
      deps.queue.addAfter(instance, Math.max(least, pauseUntil(instance, cause) - deps.clock.monotonic()), 'fast');
    },
    published(instance) {
      const endedAt = deps.clock.monotonic();
      const took = deps.queue.runningFor(instance);
      const between = { rotation: pauseAfter('rotation', took), other: pauseAfter('other', took) };
      const { usedUntil = endedAt } = runs.get(instance) ?? {};
      const used = Math.max(usedUntil, endedAt) + between.other;
      // Runs for other causes may follow each other faster than this. What comes after them waits no longer for that.
      runs.set(instance, { endedAt, usedUntil: Math.min(used, endedAt + (atOnce + 1) * between.other), between });
    },
  };
}

/** The pause after a run that took so long; both in milliseconds. */
function pauseAfter(cause: PublicationCause, took: number): number {
  const { least, times, most } = INTERVALS.publication.gatherProofs.between[cause];
  return Math.min(most, Math.max(least, took * times));
}
