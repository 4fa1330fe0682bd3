/** The longest time in a row. After that there is none before as long a time has passed. */
const LONGEST_MS = 1000;

/** The part of a clock that holds need. */
interface Timers {
  monotonic(): number;
  setTimer(milliseconds: number, run: () => void): () => void;
}

/** Times in which what nobody waits for stands back, because something is under way for which somebody waits. */
export interface Holds {
  readonly isHeld: () => boolean;
  /**
   * Begins one, and returns its end. All together last a second in a row at most: what stands back gets half of the time
   * even where there is always somebody who waits.
   */
  readonly hold: () => () => void;
  /** Ends them all, and there are none any more. */
  readonly stop: () => void;
}

/** `onReleased` is called at the end of the last of them. */
export function createHolds(clock: Timers, onReleased: () => void): Holds {
  const holds = new Set<object>();
  const isHeld = (): boolean => holds.size > 0;
  /** How long it was held, less the time since then, at a moment. */
  let used = 0;
  let usedAt = clock.monotonic();
  let isUsedUp = false;
  let isStopped = false;
  let cancel = (): void => undefined;

  function count(): void {
    const now = clock.monotonic();
    const passed = now - usedAt;
    used = isHeld() ? used + passed : Math.max(0, used - passed);
    usedAt = now;
    isUsedUp = used >= LONGEST_MS || (isUsedUp && used > 0);
  }

  function endAll(): void {
    count();
    cancel();
    holds.clear();
    onReleased();
  }

  return {
    isHeld,
    hold() {
      count();
      if (isUsedUp || isStopped) return () => undefined;
      const one = {};
      if (!isHeld()) cancel = clock.setTimer(LONGEST_MS - used, endAll);
      holds.add(one);
      return () => {
        if (!holds.has(one)) return;
        if (holds.size === 1) endAll();
        else holds.delete(one);
      };
    },
    stop() {
      isStopped = true;
      if (isHeld()) endAll();
    },
  };
}
