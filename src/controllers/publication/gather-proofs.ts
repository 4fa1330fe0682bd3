import { INTERVALS } from '../../domain/intervals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';

/**
 * `rotation`: a credential that is published is to be replaced, and the former one may be revoked soon. `other`: a new
 * claim, an edit, or an output that was changed by another client.
 */
export type PublicationCause = 'rotation' | 'other';

type Between = Readonly<Record<PublicationCause, number>>;

const GATHERING = INTERVALS.publication.gatherProofs;

const NEVER = { endedAt: -Infinity, usedUntil: -Infinity, between: GATHERING.between };

/** Decides when the publisher of an instance runs next. */
export interface ProofGathering {
  /** Queues the instance, `namespace/name`. */
  publish(instance: string, cause: PublicationCause): void;
  /** To be called at the end of each run, with the number of claims that the instance has. */
  published(instance: string, claims: number): void;
}

/**
 * One run of the publisher costs the same for one proof as for many, grows with the claims of the instance, and makes up
 * to three writes. So a few runs may follow each other at once, such as an edit and the proof after it; in a stream of
 * proofs there is one run a second, and fewer with thousands of claims: otherwise publication would take a share of the
 * processor that grows with the fleet.
 */
export function createProofGathering(deps: {
  readonly queue: Pick<WorkQueue, 'addAfter'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}): ProofGathering {
  /** By instance: the end of its last run, the time until which its runs have used up their share, and its pauses. */
  const runs = new Map<string, { readonly endedAt: number; readonly usedUntil: number; readonly between: Between }>();
  const { least, atOnce } = GATHERING;

  return {
    publish(instance, cause) {
      const now = deps.clock.monotonic();
      const { endedAt, usedUntil, between } = runs.get(instance) ?? NEVER;
      const gathered = usedUntil - (atOnce - 1) * between.other;
      const at = cause === 'rotation' ? Math.min(gathered, endedAt + between.rotation) : gathered;
      deps.queue.addAfter(instance, Math.max(least, at - now), 'fast');
    },
    published(instance, claims) {
      const endedAt = deps.clock.monotonic();
      const between = betweenRunsOver(claims);
      const { usedUntil = endedAt } = runs.get(instance) ?? {};
      const used = Math.max(usedUntil, endedAt) + between.other;
      // Runs for other causes may follow each other faster than this. What comes after them waits no longer for that.
      runs.set(instance, { endedAt, usedUntil: Math.min(used, endedAt + (atOnce + 1) * between.other), between });
    },
  };
}

/** The pauses between runs over that number of claims, in milliseconds. */
function betweenRunsOver(claims: number): Between {
  const { between, perThousand } = GATHERING;
  const thousands = claims / 1_000;
  return {
    rotation: between.rotation + thousands * perThousand.rotation,
    other: between.other + thousands * perThousand.other,
  };
}
