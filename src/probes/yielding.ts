import type { Clock } from '../ports/clock.ts';

/** Longest time for which one probe yields: a probe has a deadline, and holds a turn. */
const LONGEST_MS = 1000;

/**
 * At one store: what is due sends nothing while a probe runs for which somebody waits, or while all stores are held.
 * Otherwise what is urgent would have to share the store and this process with all that began before it.
 */
export interface Yielding {
  begin(isUrgent: boolean): YieldingProbe;
  /** To be called when stores are held no more. */
  released(): void;
  /** To be called when urgent probes begin to wait for turns. */
  crowded(): void;
}

/** One probe that runs. */
export interface YieldingProbe {
  /** To be awaited before each request; `undefined`: it may be sent at once. */
  readonly beforeRequest: () => Promise<void> | undefined;
  /** Somebody waits for it from now on. */
  readonly hurry: () => void;
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
  /** What waits, and the probe that does. */
  const waiting = new Map<() => void, object>();
  /** Urgent probes that run. */
  let urgent = 0;

  const hasUrgent = (): boolean => urgent > 0 || isHeld();

  function released(): void {
    if (!hasUrgent()) goOn();
  }

  function goOn(): void {
    for (const go of [...waiting.keys()]) go();
  }

  function passed(milliseconds: number, probe: object): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        cancel();
        waiting.delete(go);
        resolve();
      };
      const cancel = clock.setTimer(milliseconds, go);
      waiting.set(go, probe);
    });
  }

  function begin(isUrgent: boolean): YieldingProbe {
    const probe = {};
    let isHurried = false;
    let until: number | undefined;

    function hurry(): void {
      if (isHurried) return;
      isHurried = true;
      urgent += 1;
      for (const [go, who] of [...waiting]) if (who === probe) go();
    }

    if (isUrgent) hurry();
    return {
      beforeRequest() {
        if (isHurried || !hasUrgent() || isCrowded()) return undefined;
        const now = clock.monotonic();
        until ??= now + LONGEST_MS;
        return until > now ? passed(until - now, probe) : undefined;
      },
      hurry,
      end() {
        if (!isHurried) return;
        urgent -= 1;
        released();
      },
    };
  }

  return { begin, released, crowded: goOn };
}
