import type { Clock } from '../../ports/clock.ts';
import type { ProbePriority } from '../../probes/priority.ts';
import { Crowds } from '../publication/crowds.ts';
import type { PublicationCause } from '../publication/publication-cause.ts';

/** What each of them is for the publisher, which counts a crowd in the same way. */
const CAUSES = {
  New: { kind: 'newcomer' },
  Changed: { kind: 'edit' },
} as const satisfies Record<Exclude<ProbePriority, 'Due'>, PublicationCause>;

/**
 * Lets what nobody waits for stand back while a probe runs for which somebody waits. Of many that are new, or of many that
 * changed, nobody waits for a certain one: after the first of them they hold nothing.
 */
export function createAwaitedProbes({
  hold,
  clock,
}: {
  readonly hold: () => () => void;
  readonly clock: Pick<Clock, 'monotonic'>;
}) {
  // New ones among thousands whose key was replaced are no part of that crowd.
  const crowds = { New: new Crowds(), Changed: new Crowds() };

  /** A probe begins; the result is to be called at its end. */
  function begin(priority: ProbePriority): () => void {
    if (priority === 'Due') return () => undefined;
    const now = clock.monotonic();
    const cause = CAUSES[priority];
    crowds[priority].add(cause, now);
    return crowds[priority].isOneOfMany(cause, now) ? () => undefined : hold();
  }

  return { begin };
}
