import type { EndpointTurns } from '../ports/metrics.ts';
import { createAdaptiveLimit, type AdaptiveLimit, type LimitBounds } from './adaptive-limit.ts';
import { createFairQueue, type FairQueue } from './fair-queue.ts';
import { isUrgent, type ProbePriority } from './priority.ts';
import type { Waiter } from './turn.ts';
import { createYielding, type Yielding, type YieldingDeps } from './yielding.ts';

/** `ordinary`: what is due. */
export type Lane = 'urgent' | 'ordinary';

/** The turns of one store. */
export interface Endpoint {
  readonly adaptive: AdaptiveLimit;
  readonly yielding: Yielding;
  readonly queues: Readonly<Record<ProbePriority, FairQueue<Waiter>>>;
  busy: number;
  /** The kind of urgent work that comes first the next time. */
  next: 'New' | 'Changed';
}

export function laneOf(priority: ProbePriority): Lane {
  return isUrgent(priority) ? 'urgent' : 'ordinary';
}

export function createEndpoint(bounds: LimitBounds, deps: Omit<YieldingDeps, 'isCrowded'>): Endpoint {
  const queues = { New: createFairQueue<Waiter>(), Changed: createFairQueue<Waiter>(), Due: createFairQueue<Waiter>() };
  return {
    adaptive: createAdaptiveLimit(bounds, () => deps.clock.monotonic()),
    yielding: createYielding({ ...deps, isCrowded: () => queues.New.size + queues.Changed.size > 0 }),
    queues,
    busy: 0,
    next: 'New',
  };
}

/** For the metrics. */
export function metricsOf(name: string, endpoint: Endpoint): EndpointTurns {
  const waiting = waitingAt(endpoint, 'urgent') + waitingAt(endpoint, 'ordinary');
  return { endpoint: name, limit: endpoint.adaptive.limit, busy: endpoint.busy, waiting };
}

/** Who comes next. */
export function takeFrom(endpoint: Endpoint, lane: Lane): Waiter | undefined {
  const { queues, next } = endpoint;
  if (lane === 'ordinary') return queues.Due.take();
  const other = next === 'New' ? 'Changed' : 'New';
  const taken = queues[next].take();
  if (taken === undefined) return queues[other].take();
  endpoint.next = other;
  return taken;
}

/** How many wait. */
export function waitingAt({ queues }: Endpoint, lane: Lane): number {
  return lane === 'ordinary' ? queues.Due.size : queues.New.size + queues.Changed.size;
}

/** Whether it may be forgotten: nobody waits, and no turn is taken. */
export function isIdle(endpoint: Endpoint): boolean {
  return endpoint.busy === 0 && waitingAt(endpoint, 'urgent') === 0 && waitingAt(endpoint, 'ordinary') === 0;
}

/** How many turns may be taken before one of this lane has to wait. */
export function roomFor({ adaptive: { limit } }: Endpoint, lane: Lane): number {
  return lane === 'urgent' || limit <= 2 ? limit : limit - 1;
}
