import type { Clock } from '../../../src/ports/clock.ts';

const MINUTE_MS = 60_000;
/** Each step of a story may give a reason to try again; a loop gives hundreds. */
const MOST_IN_A_MINUTE = 45;

/** Finds what is tried again and again. */
export class BusyCounter {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #fail: (why: string) => void;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Pick<Clock, 'monotonic'>, fail: (why: string) => void) {
    this.#clock = clock;
    this.#fail = fail;
  }

  count(what: string): void {
    const now = this.#clock.monotonic();
    const times = (this.#times.get(what) ?? []).filter((at) => at > now - MINUTE_MS);
    times.push(now);
    this.#times.set(what, times);
    if (times.length === MOST_IN_A_MINUTE) this.#fail(`it does not rest: ${what}, ${times.length} in a minute`);
  }
}
