import { lookup } from 'node:dns/promises';
import type { LookupCounts } from '../ports/metrics.ts';
import { socketError } from './deadline.ts';
import type { Resolve } from './guarded-dial.ts';

/** An answer takes milliseconds; glibc asks a second time after five seconds. */
const HANGS_AFTER_MS = 2000;
/** Most names that may wait; more can only come from a flood of objects. */
const MAX_WAITING = 1024;
/** Names whose last look-up is remembered. */
const MAX_REMEMBERED = 4096;

/** How the last look-up of a name ended: answered at once, or hung. A name without one is new. */
type Experience = 'answered' | 'new' | 'hung';

const RANK: Readonly<Record<Experience, number>> = { answered: 0, new: 1, hung: 2 };

/** Look-ups of names that cannot take all threads. */
export interface NameLookups {
  readonly resolve: Resolve;
  counts(): LookupCounts;
}

/** `getaddrinfo` through libuv: with `/etc/hosts`, search domains and the rest of the system's configuration. */
export const systemLookup: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * How many look-ups may run, given `UV_THREADPOOL_SIZE`. libuv gives half of its threads to look-ups of names; one of
 * these stays free for look-ups that do not come through here, such as that of the API server.
 */
export function lookupLimit(threadPoolSize: string | undefined): number {
  const size = Number.parseInt(threadPoolSize ?? '', 10);
  const threads = Number.isNaN(size) ? 4 : Math.min(Math.max(size, 1), 1024);
  return Math.max(2, Math.floor((threads + 1) / 2) - 1);
}

/**
 * A look-up holds one of libuv's threads until the system's resolver returns, which takes tens of seconds where a DNS
 * server is silent, and nothing can end it earlier. So they are limited here, before libuv would put them all in one
 * queue: concurrent calls for a name share one look-up; names that hung may take a quarter of the threads, and together
 * with new names three quarters. So there is always a thread for names that are known to be answered.
 */
export function createNameLookups(options: {
  readonly lookup: Resolve;
  readonly limit: number;
  readonly hangsAfterMs?: number;
}): NameLookups {
  const { limit, hangsAfterMs = HANGS_AFTER_MS } = options;
  const ceilings: Readonly<Record<Experience, number>> = {
    answered: limit,
    new: Math.max(1, Math.floor((limit * 3) / 4)),
    hung: Math.max(1, Math.floor(limit / 4)),
  };
  const experiences = new Map<string, Experience>();
  const running = new Map<string, Lookup>();
  const waiting = new Map<string, Lookup>();

  const experienceOf = (host: string): Experience => experiences.get(host) ?? 'new';

  function remember(host: string, experience: Experience): void {
    experiences.delete(host);
    experiences.set(host, experience);
    const [oldest] = experiences.keys();
    if (experiences.size > MAX_REMEMBERED && oldest !== undefined) experiences.delete(oldest);
  }

  /** Whether a thread is free for names of this experience; names with a worse one count too. */
  function isFree(experience: Experience): boolean {
    const rivals = [...running.keys()].filter((host) => RANK[experienceOf(host)] >= RANK[experience]);
    return running.size < limit && rivals.length < ceilings[experience];
  }

  function startWaiting(): void {
    for (const [host, one] of waiting) {
      if (!isFree(experienceOf(host))) continue;
      waiting.delete(host);
      void run(host, one);
    }
  }

  async function run(host: string, asked: Lookup): Promise<void> {
    running.set(host, asked);
    let hangs = false as boolean;
    const timer = setTimeout(() => {
      hangs = true;
      remember(host, 'hung');
    }, hangsAfterMs).unref();
    try {
      asked.resolve(await options.lookup(host));
    } catch (error) {
      asked.reject(error);
    }
    clearTimeout(timer);
    running.delete(host);
    if (!hangs) remember(host, 'answered');
    startWaiting();
  }

  return {
    resolve(host) {
      const known = running.get(host) ?? waiting.get(host);
      if (known !== undefined) return known.promise;
      if (waiting.size >= MAX_WAITING) return Promise.reject(socketError('EAI_AGAIN'));
      const asked: Lookup = Promise.withResolvers();
      // The look-up runs although every caller may have given up: only an answer ends a name's state of hanging.
      asked.promise.catch(() => undefined);
      waiting.set(host, asked);
      startWaiting();
      return asked.promise;
    },
    counts: () => ({
      running: running.size,
      waiting: waiting.size,
      hanging: [...experiences.values()].filter((one) => one === 'hung').length,
      limit,
    }),
  };
}

type Lookup = PromiseWithResolvers<readonly string[]>;
