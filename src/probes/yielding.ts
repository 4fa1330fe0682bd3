import type { Clock } from '../ports/clock.ts';
import { comesBefore, PRIORITIES, type ProbePriority } from './priority.ts';

/** Longest time for which one probe yields: a probe has a deadline, and holds a turn. */
const LONGEST_MS = 1000;
/** To which others a probe yields. */
const BEFORE: Readonly<Record<ProbePriority, readonly ProbePriority[]>> = {
  New: [],
  Changed: PRIORITIES.filter((one) => comesBefore(one, 'Changed')),
  Due: PRIORITIES.filter((one) => comesBefore(one, 'Due')),
};

/**
 * At one store: a probe sends nothing while another one runs for which somebody waits more. Otherwise that one would have
 * to share the store with all that began before it.
 */
export interface Yielding {
  begin(priority: ProbePriority): YieldingProbe;
}

/** One probe that runs. */
export interface YieldingProbe {
  /** To be awaited before each request; `undefined`: it may be sent at once. */
  readonly beforeRequest: () => Promise<void> | undefined;
  /** The probe has ended. */
  readonly end: () => void;
}

/** `isAwaited`: probes of a priority wait for turns that others hold, so these had better come to their end. */
export function createYielding(
  clock: Pick<Clock, 'monotonic' | 'setTimer'>,
  isAwaited: (priority: ProbePriority) => boolean,
): Yielding {
  const waiting = new Map<() => void, ProbePriority>();
  const running: Record<ProbePriority, number> = { New: 0, Changed: 0, Due: 0 };

  /** Whether a probe yields to others that run. */
  function yields(priority: ProbePriority): boolean {
    const before = BEFORE[priority];
    return before.some((one) => running[one] > 0) && !before.some(isAwaited);
  }

  function passed(priority: ProbePriority, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        cancel();
        waiting.delete(go);
        resolve();
      };
      const cancel = clock.setTimer(milliseconds, go);
      waiting.set(go, priority);
    });
  }

  return {
    begin(priority) {
      running[priority] += 1;
      let until: number | undefined;
      return {
        beforeRequest() {
          if (!yields(priority)) return undefined;
          const now = clock.monotonic();
          until ??= now + LONGEST_MS;
          return until > now ? passed(priority, until - now) : undefined;
        },
        end() {
          running[priority] -= 1;
          for (const [go, one] of [...waiting]) if (!yields(one)) go();
        },
      };
    },
  };
}
