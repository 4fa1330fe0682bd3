import { createHolds, type Holds } from '../base/holds.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { QueueMetrics } from '../ports/metrics.ts';

/**
 * `fast`: a new, edited or rotated object. `periodic`: everything that is due
 * by time. The fast lane never waits behind the periodic one.
 */
export type Lane = 'fast' | 'periodic';

/**
 * A queue of keys with client-go's semantics: a key is queued at most once; it
 * is never given to two workers at a time; a key that is added while it is
 * worked on comes again when that is done. While it is held, it gives no periodic work.
 */
export interface WorkQueue extends Pick<Holds, 'hold'> {
  /** Queues a key; a queued key on the periodic lane is promoted by `fast`. */
  add(key: string, lane: Lane): void;
  /**
   * Queues a key later. Of two delays the earlier time and the faster lane apply: one run serves both. An earlier run
   * for another cause cancels the delay: that run decides again when the key is due.
   */
  addAfter(key: string, milliseconds: number, lane: Lane): void;
  /** The next key, or `undefined` once the queue is shut down. A `fast` worker never takes periodic work. */
  get(worker: Lane): Promise<string | undefined>;
  /** Must be called after each `get`, also after a failure. */
  done(key: string): void;
  /** Milliseconds for which the key has been worked on; `undefined` if it is not. */
  runningFor(key: string): number | undefined;
  /** No more work: waiting workers get `undefined`, timers are dropped. */
  shutDown(): void;
  /** Number of queued keys, without delayed ones. */
  readonly depth: number;
}

interface Delayed {
  readonly at: number;
  lane: Lane;
  readonly cancel: CancelTimer;
}

interface Waiter {
  readonly worker: Lane;
  readonly give: (key: string | undefined) => void;
}

/** Makes an empty queue. */
// eslint-disable-next-line max-lines-per-function -- every operation changes the same five sets
export function createWorkQueue(clock: Clock, metrics?: QueueMetrics): WorkQueue {
  const lanes: Record<Lane, Set<string>> = { fast: new Set(), periodic: new Set() };
  /** Keys that are worked on, and since when. */
  const active = new Map<string, number>();
  /** When the keys that wait were queued. */
  const queuedAt = new Map<string, number>();
  /** Keys that were added while active, and the lane on which they are queued afterwards. */
  const again = new Map<string, Lane>();
  const delayed = new Map<string, Delayed>();
  const waiters: Waiter[] = [];
  const holds = createHolds(clock, () => serve());
  let down = false;

  function add(key: string, lane: Lane): void {
    if (down) return;
    if (active.has(key)) {
      if (again.get(key) !== 'fast') again.set(key, lane);
      return;
    }
    if (lane === 'fast') lanes.periodic.delete(key);
    else if (lanes.fast.has(key)) return;
    lanes[lane].add(key);
    if (!queuedAt.has(key)) {
      queuedAt.set(key, clock.monotonic());
      metrics?.added();
    }
    serve();
  }

  function addAfter(key: string, milliseconds: number, lane: Lane): void {
    if (down) return;
    if (milliseconds <= 0) {
      add(key, lane);
      return;
    }
    const at = clock.monotonic() + milliseconds;
    const existing = delayed.get(key);
    const faster = existing?.lane === 'fast' ? 'fast' : lane;
    if (existing !== undefined && existing.at <= at) {
      existing.lane = faster;
      return;
    }
    existing?.cancel();
    const cancel = clock.setTimer(milliseconds, () => {
      delayed.delete(key);
      add(key, entry.lane);
    });
    const entry: Delayed = { at, lane: faster, cancel };
    delayed.set(key, entry);
  }

  function next(worker: Lane): string | undefined {
    const isFastOnly = worker === 'fast' || holds.isHeld();
    for (const lane of isFastOnly ? (['fast'] as const) : (['fast', 'periodic'] as const)) {
      const [key] = lanes[lane];
      if (key === undefined) continue;
      lanes[lane].delete(key);
      delayed.get(key)?.cancel();
      delayed.delete(key);
      const now = clock.monotonic();
      metrics?.taken((now - (queuedAt.get(key) ?? now)) / 1000);
      queuedAt.delete(key);
      active.set(key, now);
      return key;
    }
    return undefined;
  }

  /** Gives queued keys to waiting workers, first come first served. */
  function serve(): void {
    for (let index = 0; index < waiters.length;) {
      const waiter = waiters[index];
      const key = waiter === undefined ? undefined : next(waiter.worker);
      if (waiter === undefined || key === undefined) {
        index += 1;
        continue;
      }
      waiters.splice(index, 1);
      waiter.give(key);
    }
  }

  return {
    hold: holds.hold,
    add,
    addAfter,
    get(worker) {
      if (down) return Promise.resolve(undefined);
      const key = next(worker);
      if (key !== undefined) return Promise.resolve(key);
      return new Promise((give) => waiters.push({ worker, give }));
    },
    done(key) {
      const began = active.get(key);
      if (began !== undefined) metrics?.finished((clock.monotonic() - began) / 1000);
      active.delete(key);
      const lane = again.get(key);
      again.delete(key);
      if (lane !== undefined) add(key, lane);
    },
    runningFor(key) {
      const began = active.get(key);
      return began === undefined ? undefined : clock.monotonic() - began;
    },
    shutDown() {
      down = true;
      for (const { cancel } of delayed.values()) cancel();
      delayed.clear();
      lanes.fast.clear();
      lanes.periodic.clear();
      queuedAt.clear();
      for (const waiter of waiters.splice(0)) waiter.give(undefined);
      // Last: what was held must not be given to those who wait.
      holds.stop();
    },
    get depth() {
      return lanes.fast.size + lanes.periodic.size;
    },
  };
}
