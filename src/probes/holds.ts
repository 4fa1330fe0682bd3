import type { Clock } from '../ports/clock.ts';

/** Longer than a publication takes on a busy machine. */
const LONGEST_MS = 1000;

/** Times in which what is due sends nothing, because something urgent is under way that needs no store. */
export interface Holds {
  readonly isHeld: () => boolean;
  /** Begins one; it lasts until the result is called, and for a second at most. */
  readonly hold: () => () => void;
}

/** `onReleased` is called at the end of the last of them. */
export function createHolds(clock: Pick<Clock, 'setTimer'>, onReleased: () => void): Holds {
  const holds = new Set<object>();
  const isHeld = (): boolean => holds.size > 0;
  return {
    isHeld,
    hold() {
      const held = {};
      holds.add(held);
      const end = (): void => {
        cancel();
        if (holds.delete(held) && !isHeld()) onReleased();
      };
      const cancel = clock.setTimer(LONGEST_MS, end);
      return end;
    },
  };
}
