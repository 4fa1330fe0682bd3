import { INTERVALS } from '../../domain/intervals.ts';
import { isUrgent, type ProbePriority } from '../../probes/priority.ts';

const { claims: CROWD } = INTERVALS.publication.gatherProofs.crowd;

/**
 * Lets what nobody waits for stand back while probes run for which somebody waits. Of many that are new, or that have
 * changed, nobody waits for a certain one: these hold nothing.
 */
export function createAwaitedProbes(hold: () => () => void) {
  const underWay = { New: 0, Changed: 0, Due: 0 };

  /** A probe begins; the result is to be called at its end. */
  function begin(priority: ProbePriority): () => void {
    underWay[priority] += 1;
    const release = isUrgent(priority) && underWay[priority] <= CROWD ? hold() : undefined;
    return () => {
      underWay[priority] -= 1;
      release?.();
    };
  }

  return { begin };
}
