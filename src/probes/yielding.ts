import type { Clock } from '../ports/clock.ts';
import { isUrgent } from './priority.ts';
import type { Urgency } from './urgency.ts';

/** Longest time for which one probe yields: a probe has a deadline, and holds a turn. */
const LONGEST_MS = 1000;

/**
 * At one store: what is due sends nothing while a probe runs for which somebody waits, or while all stores are held.
 * Otherwise what is urgent would have to share the store and this process with all that began before it.
 */
export interface Yielding {
  /** One that has its turn; from when it is urgent it yields to nobody. */
  begin(urgency: Urgency): YieldingProbe;
  /** To be called when stores are held no more. */
  released(): void;
  /** To be called while urgent probes wait for turns. */
  crowded(): void;
}

/** One probe that runs. */
export interface YieldingProbe {
  /** To be awaited before each request; `undefined`: it may be sent at once. */
  readonly beforeRequest: () => Promise<void> | undefined;
  /** The probe has ended. */
  readonly end: () => void;
}

export interface YieldingDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'setTimer'>;
  /** Urgent probes wait for turns that those that are due hold, so these had better come to their end. */
  readonly isCrowded: () => boolean;
  /** Something urgent is under way that needs no store. */
  readonly isHeld: () => boolean;
}

export function createYielding({ clock, isCrowded, isHeld }: YieldingDeps): Yielding {
  const waiting = new Set<() => void>();
  /** Urgent probes that run. */
  let urgent = 0;

  const hasUrgent = (): boolean => urgent > 0 || isHeld();

  function released(): void {
    if (!hasUrgent()) goOn(waiting);
  }

  /** `own`: what waits of the same probe. */
  function passed(milliseconds: number, own: Set<() => void>): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        cancel();
        for (const set of [waiting, own]) set.delete(go);
        resolve();
      };
      const cancel = clock.setTimer(milliseconds, go);
      for (const set of [waiting, own]) set.add(go);
    });
  }

  function begin(urgency: Urgency): YieldingProbe {
    const own = new Set<() => void>();
    let isCounted = false;
    let until: number | undefined;

    function hurry(): void {
      if (isCounted || !isUrgent(urgency.priority)) return;
      isCounted = true;
      urgent += 1;
      goOn(own);
    }

    const unlisten = urgency.onRaised(hurry);
    hurry();
    return {
      beforeRequest() {
        if (isCounted || !hasUrgent() || isCrowded()) return undefined;
        const now = clock.monotonic();
        until ??= now + LONGEST_MS;
        return until > now ? passed(until - now, own) : undefined;
      },
      end() {
        unlisten();
        if (!isCounted) return;
        urgent -= 1;
        released();
      },
    };
  }

  return { begin, released, crowded: () => goOn(waiting) };
}

function goOn(waiting: ReadonlySet<() => void>): void {
  for (const go of [...waiting]) go();
}
