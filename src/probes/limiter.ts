import { createHolds, type Holds } from '../base/holds.ts';
import type { Clock } from '../ports/clock.ts';
import type { EndpointTurns } from '../ports/metrics.ts';
import type { LimitBounds } from './adaptive-limit.ts';
import { createEndpoint, laneOf, type Endpoint, type Lane } from './endpoint.ts';
import type { ProbePriority } from './priority.ts';
import type { Turn, Waiter } from './turn.ts';
import type { Urgency } from './urgency.ts';

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
  /** Who becomes urgent moves to the queue of the urgent; with its turn it is held back no more. */
  readonly urgency: Urgency;
  /** Called at the moment at which it has its turn. */
  readonly hasTurn?: () => void;
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
      if (endpoint.isIdle()) endpoints.delete(name);
    }
  }

  function begin(endpoint: Endpoint, urgency: Urgency): Turn {
    total += 1;
    return endpoint.begin(urgency, () => {
      total -= 1;
      serve();
    });
  }

  function serve(): void {
    for (const lane of ['urgent', 'ordinary'] as const) {
      // An endpoint that was served moves to the end of the set, and so comes again in this loop.
      for (const endpoint of waiting[lane]) {
        if (total >= room[lane]) break;
        const next = endpoint.next(lane);
        if (next === undefined) continue;
        waiting[lane].delete(endpoint);
        if (endpoint.waiting(lane) > 0) waiting[lane].add(endpoint);
        next.take(begin(endpoint, next.urgency));
      }
    }
  }

  /** The queues of an endpoint. */
  function queuesOf(endpoint: Endpoint): Queues {
    return {
      enter(waiter, priority) {
        endpoint.add(waiter, priority);
        waiting[laneOf(priority)].add(endpoint);
        serve();
        if (endpoint.waiting('urgent') > 0) endpoint.crowded();
      },
      leave(waiter, priority) {
        endpoint.remove(waiter, priority);
        const lane = laneOf(priority);
        if (endpoint.waiting(lane) === 0) waiting[lane].delete(endpoint);
      },
    };
  }

  return {
    hold,
    stop,
    endpoints: () => [...endpoints].map(([name, endpoint]) => ({ endpoint: name, ...endpoint.turns() })),
    acquire(wanted, signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      return waitForTurn(queuesOf(endpointOf(wanted.endpoint)), wanted, signal);
    },
  };
}

/** Where probes wait for turns at an endpoint. */
interface Queues {
  readonly enter: (waiter: Waiter, priority: ProbePriority) => void;
  readonly leave: (waiter: Waiter, priority: ProbePriority) => void;
}

/** Waits in the queue of its priority, and moves to another one only when it becomes urgent. */
function waitForTurn(
  { enter, leave }: Queues,
  { bucket, urgency, hasTurn }: TurnWanted,
  signal: AbortSignal,
): Promise<Turn | undefined> {
  return new Promise((resolve) => {
    let queuedAs = urgency.priority;
    const stopWaiting = (): void => {
      signal.removeEventListener('abort', giveUp);
      unlisten();
    };
    const take = (turn: Turn): void => {
      stopWaiting();
      hasTurn?.();
      resolve(turn);
    };
    const waiter = { bucket, urgency, take };
    const giveUp = (): void => {
      stopWaiting();
      leave(waiter, queuedAs);
      resolve(undefined);
    };
    const unlisten = urgency.onRaised(() => {
      if (laneOf(queuedAs) === laneOf(urgency.priority)) return;
      leave(waiter, queuedAs);
      queuedAs = urgency.priority;
      enter(waiter, queuedAs);
    });
    signal.addEventListener('abort', giveUp, { once: true });
    enter(waiter, queuedAs);
  });
}

function releaseAll(endpoints: ReadonlyMap<string, Endpoint>): void {
  for (const endpoint of endpoints.values()) endpoint.released();
}
