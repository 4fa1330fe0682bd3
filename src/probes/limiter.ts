/** How many may be at work at a time. */
export interface Limits {
  readonly perEndpoint: number;
  readonly inAll: number;
}

/** Ends a turn; calling it again does nothing. */
export type Release = () => void;

/**
 * Hands out turns: so many at one endpoint, so many in all, and the urgent
 * before the others. The last half of all turns is for the urgent alone, so that
 * a changed object never waits behind periodic work that hangs.
 */
export interface Limiter {
  /** Waits for a turn; `undefined` when the signal ended the wait. */
  acquire(endpoint: string, urgent: boolean, signal: AbortSignal): Promise<Release | undefined>;
}

interface Waiter {
  readonly endpoint: string;
  readonly begin: (end: Release) => void;
}

export function createLimiter(limits: Limits): Limiter {
  const busy = new Map<string, number>();
  const waiting = { urgent: new Set<Waiter>(), ordinary: new Set<Waiter>() };
  let total = 0;

  function isFree(endpoint: string, room: number): boolean {
    return total < room && (busy.get(endpoint) ?? 0) < limits.perEndpoint;
  }

  function begin(endpoint: string): Release {
    total += 1;
    busy.set(endpoint, (busy.get(endpoint) ?? 0) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      total -= 1;
      const left = (busy.get(endpoint) ?? 1) - 1;
      if (left === 0) busy.delete(endpoint);
      else busy.set(endpoint, left);
      serve();
    };
  }

  /** Lets begin whoever can, in the order in which they came. */
  function serve(): void {
    for (const [queue, room] of [
      [waiting.urgent, limits.inAll],
      [waiting.ordinary, Math.ceil(limits.inAll / 2)],
    ] as const) {
      for (const waiter of queue) {
        if (total >= room) break;
        if (!isFree(waiter.endpoint, room)) continue;
        queue.delete(waiter);
        waiter.begin(begin(waiter.endpoint));
      }
    }
  }

  return {
    acquire(endpoint, urgent, signal) {
      if (signal.aborted) return Promise.resolve(undefined);
      const queue = urgent ? waiting.urgent : waiting.ordinary;
      return new Promise((resolve) => {
        const leave = (): void => {
          queue.delete(waiter);
          resolve(undefined);
        };
        const waiter: Waiter = {
          endpoint,
          begin(end) {
            signal.removeEventListener('abort', leave);
            resolve(end);
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        queue.add(waiter);
        serve();
      });
    },
  };
}
