/** How many probes may run at the same time. */
export interface Limits {
  readonly perEndpoint: number;
  readonly inAll: number;
}

/** Gives the slot back; calling it again does nothing. */
export type Release = () => void;

/**
 * Limits concurrent probes, at one endpoint and in total; urgent ones come first.
 * Half of all slots are reserved for urgent ones, so that a changed object never
 * waits behind periodic probes that hang.
 */
export interface Limiter {
  /** Waits for a slot; `undefined` when the signal ended the wait. */
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

  /** Gives free slots to waiting probes, in the order of arrival. */
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
