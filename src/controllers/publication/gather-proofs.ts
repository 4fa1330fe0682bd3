import { INTERVALS } from '../../domain/intervals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';

/**
 * `rotation`: a credential that is published is to be replaced, and the former one may be revoked soon. `other`: a new
 * claim, an edit, or an output that was changed by another client.
 */
export type PublicationCause = 'rotation' | 'other';

/** Decides when the publisher of an instance runs next. */
export interface ProofGathering {
  /** Queues the instance, `namespace/name`. */
  publish(instance: string, cause: PublicationCause): void;
  /** To be called at the end of each run. */
  published(instance: string): void;
}

/**
 * One run of the publisher costs the same for one proof as for many, and up to three writes. So the first proof is
 * published almost at once, and those that follow a run are gathered.
 */
export function createProofGathering(deps: {
  readonly queue: Pick<WorkQueue, 'addAfter'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}): ProofGathering {
  /** When the last run of each instance ended. */
  const endedAt = new Map<string, number>();
  const { least, after } = INTERVALS.publication.gatherProofs;

  return {
    publish(instance, cause) {
      const last = endedAt.get(instance) ?? -Infinity;
      const waitMs = Math.max(least, last + after[cause] - deps.clock.monotonic());
      deps.queue.addAfter(instance, waitMs, 'fast');
    },
    published(instance) {
      endedAt.set(instance, deps.clock.monotonic());
    },
  };
}
