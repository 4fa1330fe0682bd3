import { comesBefore, type ProbePriority } from './priority.ts';

/** How soon somebody waits for one probe. It rises when somebody joins or awaits the probe who comes sooner. */
export interface Urgency {
  readonly priority: ProbePriority;
  /** Does nothing unless that priority comes before the present one. */
  readonly raise: (to: ProbePriority) => void;
  /** Calls `run` after each rise, until what it returns is called. */
  readonly onRaised: (run: () => void) => () => void;
}

export function createUrgency(first: ProbePriority): Urgency {
  const listeners = new Set<() => void>();
  let priority = first;
  return {
    get priority() {
      return priority;
    },
    raise(to) {
      if (!comesBefore(to, priority)) return;
      priority = to;
      for (const run of [...listeners]) if (listeners.has(run)) run();
    },
    onRaised(run) {
      listeners.add(run);
      return () => void listeners.delete(run);
    },
  };
}
