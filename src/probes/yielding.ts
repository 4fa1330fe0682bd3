import type { Clock } from '../ports/clock.ts';

/** Longest time for which one probe yields: a probe has a deadline, and holds a turn. */
const LONGEST_MS = 1000;

/**
 * At one store: what is due sends nothing while a probe runs for which somebody waits. Otherwise that one would have to
 * share the store with all that began before it.
 */
export interface Yielding {
  begin(isUrgent: boolean): YieldingProbe;
}

/** One probe that runs. */
export interface YieldingProbe {
  /** To be awaited before each request; `undefined`: it may be sent at once. */
  readonly beforeRequest: () => Promise<void> | undefined;
  /** The probe has ended. */
  readonly end: () => void;
}

/** `isCrowded`: urgent probes wait for turns that those that are due hold, so these had better come to their end. */
export function createYielding(clock: Pick<Clock, 'monotonic' | 'setTimer'>, isCrowded: () => boolean): Yielding {
  const waiting = new Set<() => void>();
  /** Urgent probes that run. */
  let urgent = 0;

  function passed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        cancel();
        waiting.delete(go);
        resolve();
      };
      const cancel = clock.setTimer(milliseconds, go);
      waiting.add(go);
    });
  }

  function beginUrgent(): YieldingProbe {
    urgent += 1;
    return {
      beforeRequest: () => undefined,
      end() {
        urgent -= 1;
        if (urgent === 0) for (const go of [...waiting]) go();
      },
    };
  }

  function beginDue(): YieldingProbe {
    let until: number | undefined;
    return {
      beforeRequest() {
        if (urgent === 0 || isCrowded()) return undefined;
        const now = clock.monotonic();
        until ??= now + LONGEST_MS;
        return until > now ? passed(until - now) : undefined;
      },
      end: () => undefined,
    };
  }

  return { begin: (isUrgent) => (isUrgent ? beginUrgent() : beginDue()) };
}
