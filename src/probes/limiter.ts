import { createHolds, type Holds } from '../base/holds.ts';
import type { Clock } from '../ports/clock.ts';
import type { EndpointTurns } from '../ports/metrics.ts';
import { createAdaptiveLimit, type AdaptiveLimit, type CallSeen, type LimitBounds } from './adaptive-limit.ts';
import { createFairQueue, type FairQueue } from './fair-queue.ts';
import type { ProbePriority } from './priority.ts';
import { createYielding, type Yielding, type YieldingDeps } from './yielding.ts';

/** How many turns may be taken at the same time. */
export interface Limits {
  /** The bounds of what adapts to the store. */
  readonly perEndpoint: LimitBounds;
  readonly inAll: number;
}

/** What a turn is for. */
export interface TurnWanted {
  /** Identifies the store. */
  readonly endpoint: string;
  /** Identifies the bucket: buckets of one store take turns. */
  readonly bucket: string;
  readonly priority: ProbePriority;
}

/** The right to have one request in flight at a store. */
export interface Turn {
  /** A call of this turn has ended: it shows what the store takes. */
  saw(call: CallSeen): void;
  /** To be awaited before each request; `undefined`: it may be sent at once. */
  beforeRequest(): Promise<void> | undefined;
  /** Gives the turn back; calling it again does nothing. */
  end(): void;
}

/**
 * Limits requests in flight, at one endpoint by what the store takes and in total. What is due comes last: the rest is
 * urgent. Half of all turns, and one at each endpoint that has more than two, are for urgent work alone, so that a changed
 * object never waits behind periodic work that hangs. New and changed objects take turns, so that a new one does not
 * wait for all that a rotated key concerns. What is due sends nothing while urgent work runs, for a while. Among equals
 * the buckets of an endpoint take turns, and so do endpoints.
 */
export interface Limiter extends Pick<Holds, 'hold' | 'stop'> {
  /** Waits for a turn, and holds none meanwhile; `undefined` when the signal ended the wait. */
  acquire(wanted: TurnWanted, signal: AbortSignal): Promise<Turn | undefined>;
  /** The endpoints at which something happened lately. */
  endpoints(): readonly EndpointTurns[];
}

/** Called when a turn is free. */
type Begin = (turn: Turn) => void;
type Lane = 'urgent' | 'ordinary';

/** Endpoints whose limits are remembered; more only while something happens at all of them. */
const MAX_REMEMBERED = 1024;

export function createLimiter(limits: Limits, clock: Pick<Clock, 'monotonic' | 'setTimer'>): Limiter {
  const endpoints = new Map<string, Endpoint>();
  /** Endpoints at which somebody waits, the one that was served last at the end. */
  const waiting: Readonly<Record<Lane, Set<Endpoint>>> = { urgent: new Set(), ordinary: new Set() };
  const room: Readonly<Record<Lane, number>> = { urgent: limits.inAll, ordinary: Math.ceil(limits.inAll / 2) };
  const { hold, isHeld, stop } = createHolds(clock, () => releaseAll(endpoints));
  let total = 0;

  function endpointOf(name: string): Endpoint {
    const known = endpoints.get(name) ?? createEndpoint(limits.perEndpoint, { clock, isHeld });
    endpoints.delete(name);
    // Before it is there: it is idle itself, and forgotten it would be counted anew.
    forgetIdle();
    endpoints.set(name, known);
    return known;
  }

  function forgetIdle(): void {
    for (const [name, endpoint] of endpoints) {
      if (endpoints.size < MAX_REMEMBERED) return;
      if (isIdle(endpoint)) endpoints.delete(name);
    }
  }

  function begin(endpoint: Endpoint, lane: Lane): Turn {
    total += 1;
    endpoint.busy += 1;
    let ended = false;
    const yielded = endpoint.yielding.begin(lane === 'urgent');
    return {
      saw: (call) => endpoint.adaptive.saw(call),
      beforeRequest: yielded.beforeRequest,
      end() {
        if (ended) return;
        ended = true;
        total -= 1;
        endpoint.busy -= 1;
        serve();
        yielded.end();
      },
    };
  }

  function serve(): void {
    for (const lane of ['urgent', 'ordinary'] as const) {
      // An endpoint that was served moves to the end of the set, and so comes again in this loop.
      for (const endpoint of waiting[lane]) {
        if (total >= room[lane]) break;
        if (endpoint.busy >= turnsOf(endpoint, lane)) {
          endpoint.adaptive.wantMore();
          continue;
        }
        const next = takeFrom(endpoint, lane);
        waiting[lane].delete(endpoint);
        if (waitingAt(endpoint, lane) > 0) waiting[lane].add(endpoint);
        next?.(begin(endpoint, lane));
      }
    }
  }

  return {
    hold,
    stop,
    endpoints: () => [...endpoints].map(([name, endpoint]) => turnsAt(name, endpoint)),
    acquire({ endpoint: name, bucket, priority }, signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      const endpoint = endpointOf(name);
      const lane = priority === 'Due' ? 'ordinary' : 'urgent';
      const queue = endpoint.queues[priority];
      return new Promise((resolve) => {
        const leave = (): void => {
          queue.remove(bucket, start);
          if (waitingAt(endpoint, lane) === 0) waiting[lane].delete(endpoint);
          resolve(undefined);
        };
        const start: Begin = (turn) => {
          signal.removeEventListener('abort', leave);
          resolve(turn);
        };
        signal.addEventListener('abort', leave, { once: true });
        queue.add(bucket, start);
        waiting[lane].add(endpoint);
        serve();
        if (waitingAt(endpoint, 'urgent') > 0) endpoint.yielding.crowded();
      });
    },
  };
}

/** The turns of one store. */
interface Endpoint {
  readonly adaptive: AdaptiveLimit;
  readonly yielding: Yielding;
  readonly queues: Readonly<Record<ProbePriority, FairQueue<Begin>>>;
  busy: number;
  /** The kind of urgent work that comes first the next time. */
  next: 'New' | 'Changed';
}

function releaseAll(endpoints: ReadonlyMap<string, Endpoint>): void {
  for (const { yielding } of endpoints.values()) yielding.released();
}

function createEndpoint(bounds: LimitBounds, deps: Omit<YieldingDeps, 'isCrowded'>): Endpoint {
  const queues = { New: createFairQueue<Begin>(), Changed: createFairQueue<Begin>(), Due: createFairQueue<Begin>() };
  return {
    adaptive: createAdaptiveLimit(bounds, () => deps.clock.monotonic()),
    yielding: createYielding({ ...deps, isCrowded: () => queues.New.size + queues.Changed.size > 0 }),
    queues,
    busy: 0,
    next: 'New',
  };
}

function turnsAt(name: string, endpoint: Endpoint): EndpointTurns {
  const waiting = waitingAt(endpoint, 'urgent') + waitingAt(endpoint, 'ordinary');
  return { endpoint: name, limit: endpoint.adaptive.limit, busy: endpoint.busy, waiting };
}

function takeFrom(endpoint: Endpoint, lane: Lane): Begin | undefined {
  const { queues, next } = endpoint;
  if (lane === 'ordinary') return queues.Due.take();
  const other = next === 'New' ? 'Changed' : 'New';
  const taken = queues[next].take();
  if (taken === undefined) return queues[other].take();
  endpoint.next = other;
  return taken;
}

function waitingAt({ queues }: Endpoint, lane: Lane): number {
  return lane === 'ordinary' ? queues.Due.size : queues.New.size + queues.Changed.size;
}

function isIdle(endpoint: Endpoint): boolean {
  return endpoint.busy === 0 && waitingAt(endpoint, 'urgent') === 0 && waitingAt(endpoint, 'ordinary') === 0;
}

/** How many turns may be taken before one of this lane has to wait. */
function turnsOf({ adaptive: { limit } }: Endpoint, lane: Lane): number {
  return lane === 'urgent' || limit <= 2 ? limit : limit - 1;
}
