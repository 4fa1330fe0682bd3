import { INTERVALS } from '../../domain/intervals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';

/**
 * `rotation`: a credential that is published is to be replaced, and the former one may be revoked soon. `newcomer`: the
 * first proof of a claim. `other`: a proof that confirms what is published, an edit, or an output that was changed by
 * another client.
 */
export type PublicationCause = 'rotation' | 'newcomer' | 'other';

/** What is known of the last run for an instance. */
interface Run {
  readonly endedAt: number;
  /** The time until which the runs have used up their share. */
  readonly usedUntil: number;
  readonly between: Readonly<Record<keyof typeof GATHERING.between, number>>;
}

const GATHERING = INTERVALS.publication.gatherProofs;

/** Decides when the publisher of an instance runs next. */
export interface ProofGathering {
  /** Queues the instance, `namespace/name`. */
  publish(instance: string, cause: PublicationCause): void;
  /** To be called at the end of each run, before its key is given back to the queue. */
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
  const runs = new Map<string, Run>();
  /** By instance: when the new claims until now would be no crowd any more, had they come one by one. */
  const newcomersUntil = new Map<string, number>();
  const { least, atOnce, crowd } = GATHERING;

  function due(instance: string, cause: PublicationCause): number {
    const last = runs.get(instance);
    if (last === undefined) return -Infinity;
    const { endedAt, usedUntil, between } = last;
    const gathered = usedUntil - (atOnce - 1) * between.others;
    const isAwaited = cause === 'rotation' || (cause === 'newcomer' && !isCrowd(instance));
    return isAwaited ? Math.min(gathered, endedAt + between.soon) : gathered;
  }

  function isCrowd(instance: string): boolean {
    const ahead = (newcomersUntil.get(instance) ?? -Infinity) - deps.clock.monotonic();
    return ahead > crowd.inARow * crowd.every;
  }

  return {
    publish(instance, cause) {
      const now = deps.clock.monotonic();
      if (cause === 'newcomer')
        newcomersUntil.set(instance, Math.max(newcomersUntil.get(instance) ?? now, now) + crowd.every);
      deps.queue.addAfter(instance, Math.max(least, due(instance, cause) - now), 'fast');
    },
    published(instance) {
      const endedAt = deps.clock.monotonic();
      const took = deps.queue.runningFor(instance);
      const between = { soon: pauseAfter('soon', took), others: pauseAfter('others', took) };
      const { usedUntil = endedAt } = runs.get(instance) ?? {};
      const used = Math.max(usedUntil, endedAt) + between.others;
      runs.set(instance, {
        endedAt,
        // Awaited runs may follow each other faster than this. What comes after them waits no longer for that.
        usedUntil: Math.min(used, endedAt + (atOnce + 1) * between.others),
        between,
      });
    },
  };
}

/** The pause after a run that took so long; both in milliseconds. */
function pauseAfter(kind: keyof typeof GATHERING.between, took: number): number {
  const { least, times, most } = GATHERING.between[kind];
  return Math.min(most, Math.max(least, took * times));
}
