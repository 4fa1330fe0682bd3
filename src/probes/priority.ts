/**
 * How soon somebody waits for a probe, the soonest first. `New`: a claim of which nothing is known. `Changed`: an edit, a
 * request, or another credential. `Due`: by time, or to confirm a key that another claim has proven.
 */
const PRIORITIES = ['New', 'Changed', 'Due'] as const;
export type ProbePriority = (typeof PRIORITIES)[number];

/** Whether somebody waits for it. At a store `New` and `Changed` take turns: neither comes before the other there. */
export function isUrgent(priority: ProbePriority): boolean {
  return priority !== 'Due';
}

/** Whether the first comes before the other. */
export function comesBefore(first: ProbePriority, other: ProbePriority): boolean {
  return PRIORITIES.indexOf(first) < PRIORITIES.indexOf(other);
}
