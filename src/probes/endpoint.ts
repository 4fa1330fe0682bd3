import type { EndpointTurns } from '../ports/metrics.ts';
import { createAdaptiveLimit, type LimitBounds } from './adaptive-limit.ts';
import { createFairQueue } from './fair-queue.ts';
import { isUrgent, type ProbePriority } from './priority.ts';
import type { Turn, Waiter } from './turn.ts';
import type { Urgency } from './urgency.ts';
import { createYielding, type YieldingDeps } from './yielding.ts';

/** `ordinary`: what is due. */
export type Lane = 'urgent' | 'ordinary';

/** The turns of one store: how many there are, who has one, and who waits. */
export interface Endpoint {
  add(waiter: Waiter, priority: ProbePriority): void;
  remove(waiter: Waiter, priority: ProbePriority): void;
  /** How many wait. */
  waiting(lane: Lane): number;
  /** Who comes next; `undefined` where all turns are taken, or nobody waits. */
  next(lane: Lane): Waiter | undefined;
  /** Takes a turn. `onEnd` is called once it is given back. */
  begin(urgency: Urgency, onEnd: () => void): Turn;
  /** To be called while urgent probes wait for turns. */
  crowded(): void;
  /** To be called when stores are held no more. */
  released(): void;
  /** Whether nobody waits, and no turn is taken. */
  isIdle(): boolean;
  /** For the metrics. */
  turns(): Omit<EndpointTurns, 'endpoint'>;
}

export function laneOf(priority: ProbePriority): Lane {
  return isUrgent(priority) ? 'urgent' : 'ordinary';
}

export function createEndpoint(bounds: LimitBounds, deps: Omit<YieldingDeps, 'isCrowded'>): Endpoint {
  const queues = { New: createFairQueue<Waiter>(), Changed: createFairQueue<Waiter>(), Due: createFairQueue<Waiter>() };
  const adaptive = createAdaptiveLimit(bounds, () => deps.clock.monotonic());
  const yielding = createYielding({ ...deps, isCrowded: () => waiting('urgent') > 0 });
  let busy = 0;
  /** The kind of urgent work that comes first the next time. */
  let first: 'New' | 'Changed' = 'New';

  function waiting(lane: Lane): number {
    return lane === 'ordinary' ? queues.Due.size : queues.New.size + queues.Changed.size;
  }

  /** Where there are more than two turns, one is kept for the urgent. */
  function hasRoom(lane: Lane): boolean {
    const { limit } = adaptive;
    return busy < (lane === 'urgent' || limit <= 2 ? limit : limit - 1);
  }

  function nextUrgent(): Waiter | undefined {
    const second = first === 'New' ? 'Changed' : 'New';
    const waiter = queues[first].take();
    if (waiter === undefined) return queues[second].take();
    first = second;
    return waiter;
  }

  return {
    add: (waiter, priority) => queues[priority].add(waiter.bucket, waiter),
    remove: (waiter, priority) => queues[priority].remove(waiter.bucket, waiter),
    waiting,
    next(lane) {
      if (hasRoom(lane)) return lane === 'urgent' ? nextUrgent() : queues.Due.take();
      adaptive.wantMore();
      return undefined;
    },
    begin(urgency, onEnd) {
      busy += 1;
      let isEnded = false;
      const yielded = yielding.begin(urgency);
      return {
        saw: (call) => adaptive.saw(call),
        beforeRequest: yielded.beforeRequest,
        end() {
          if (isEnded) return;
          isEnded = true;
          busy -= 1;
          onEnd();
          yielded.end();
        },
      };
    },
    crowded: () => yielding.crowded(),
    released: () => yielding.released(),
    isIdle: () => busy === 0 && waiting('urgent') === 0 && waiting('ordinary') === 0,
    turns: () => ({ limit: adaptive.limit, busy, waiting: waiting('urgent') + waiting('ordinary') }),
  };
}
