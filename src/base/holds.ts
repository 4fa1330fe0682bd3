/** The longest time of a hold in a row. */
const LONGEST_MS = 1000;
/** How much faster that time is given back than it is used up: after a whole second there is a pause of a third of one. */
const GIVEN_BACK = 3;
/** A hold goes on so long after its last cause: the next step of the same work follows at once, and holds as well. */
const LINGER_MS = 100;
/** Pauses after which a cause holds no more: one that lasts longer is no wait for something that is about to be done. */
const MOST_PAUSES = 3;

/** The part of a clock that holds need. */
interface Timers {
  monotonic(): number;
  setTimer(milliseconds: number, run: () => void): () => void;
}

/** Times in which what nobody waits for stands back, because something is under way for which somebody waits. */
export interface Holds {
  readonly isHeld: () => boolean;
  /**
   * Begins one, and returns its end. All together last a second in a row at most, and go on after a third of one: what
   * stands back gets a quarter of the time even where there is always somebody who waits.
   */
  readonly hold: () => () => void;
  /** Ends them all, and there are none any more. */
  readonly stop: () => void;
}

/** `onReleased` is called some time after the end of the last of them, and before each pause. */
export function createHolds(clock: Timers, onReleased: () => void): Holds {
  /** What holds, or will after the pause, with the pauses that it has seen. */
  const causes = new Map<object, number>();
  let isHeld = false;
  /** How long it was held, less what was given back since then, at a moment. */
  let used = 0;
  let usedAt = clock.monotonic();
  let isUsedUp = false;
  let isStopped = false;
  /** Of the next change: a pause, or its end. */
  let cancel = (): void => undefined;

  function count(): void {
    const now = clock.monotonic();
    const passed = now - usedAt;
    used = isHeld ? Math.min(LONGEST_MS, used + passed) : Math.max(0, used - passed * GIVEN_BACK);
    usedAt = now;
    isUsedUp = used >= LONGEST_MS || (isUsedUp && used > 0);
  }

  function begin(): void {
    count();
    if (isUsedUp) {
      // Where a timer is late, a cause may come after the second and before the pause.
      end();
      // Whole milliseconds: the rest of a fraction could be too short for time to pass.
      cancel = clock.setTimer(Math.ceil(used / GIVEN_BACK), begin);
      return;
    }
    cancel();
    isHeld = true;
    cancel = clock.setTimer(LONGEST_MS - used, pause);
  }

  function end(): void {
    count();
    cancel();
    if (!isHeld) return;
    isHeld = false;
    onReleased();
  }

  function linger(): void {
    count();
    cancel();
    if (isUsedUp) {
      end();
      return;
    }
    cancel = clock.setTimer(Math.min(LINGER_MS, LONGEST_MS - used), end);
  }

  function pause(): void {
    for (const [cause, pauses] of causes) {
      if (pauses + 1 < MOST_PAUSES) causes.set(cause, pauses + 1);
      else causes.delete(cause);
    }
    end();
    // A timer may be a millisecond early.
    [used, isUsedUp] = [LONGEST_MS, true];
    if (causes.size > 0) begin();
  }

  return {
    isHeld: () => isHeld,
    hold() {
      if (isStopped) return () => undefined;
      const cause = {};
      causes.set(cause, 0);
      if (causes.size === 1) begin();
      return () => {
        if (!causes.delete(cause) || causes.size > 0) return;
        if (isHeld) linger();
        else cancel();
      };
    },
    stop() {
      isStopped = true;
      causes.clear();
      end();
    },
  };
}
