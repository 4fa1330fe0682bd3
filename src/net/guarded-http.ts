import { createHash } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import { err, ok } from '../base/result.ts';
import type { Peer, PlainHttp, PlainRequest, PlainResponse } from '../ports/http.ts';
import type { LookupCounts } from '../ports/metrics.ts';
import type { AddressPolicy } from './address-policy.ts';
import { CONNECT_TIMEOUT_MS, createConnector } from './connector.ts';
import type { Resolve } from './guarded-dial.ts';
import { sendRequest } from './http-request.ts';
import { createNameLookups, lookupLimit, systemLookup } from './name-lookups.ts';
import { inAbsoluteForm } from './proxied-request.ts';
import { checkProxies, proxyFor, targetOf, type ProxySettings } from './proxy.ts';
import { socketFailure } from './socket-failure.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const IDLE_MS = 10_000;
const MAX_POOLS = 64;
const MAX_PEERS = 1024;

/** Every outgoing connection to a store goes through here. */
export interface GuardedHttp {
  readonly http: PlainHttp;
  /** A pool of guarded connections that trusts the system's CAs and `caBundle`. */
  dispatcher(caBundle: string | undefined): Dispatcher;
  /** The bounded look-up of names that all connections share. */
  readonly resolve: Resolve;
  lookups(): LookupCounts;
  close(): Promise<void>;
}

export function createGuardedHttp(options: {
  readonly policy: AddressPolicy;
  readonly proxy: ProxySettings;
  /** In place of the system's resolver. */
  readonly resolve?: Resolve;
  /** `UV_THREADPOOL_SIZE` of the process: look-ups of names are bounded by it. */
  readonly threadPoolSize?: string | undefined;
  readonly connectTimeoutMs?: number;
}): GuardedHttp {
  checkProxies(options.proxy);
  const pools = new Map<string, { readonly agent: Agent; readonly dispatcher: Dispatcher }>();
  /** For each pool, by origin: later requests reuse the connection without a call of `onConnect`. */
  const peers = new WeakMap<Dispatcher, Map<string, Peer>>();
  const lookups = createNameLookups({
    lookup: options.resolve ?? systemLookup,
    limit: lookupLimit(options.threadPoolSize),
  });
  const systemCa = getCACertificates('default');

  function dispatcher(caBundle: string | undefined): Dispatcher {
    const id = caBundle === undefined ? '' : createHash('sha256').update(caBundle).digest('hex');
    const known = pools.get(id);
    if (known !== undefined) return known.dispatcher;
    const ca = caBundle === undefined ? systemCa : [...systemCa, caBundle];
    const seen = new Map<string, Peer>();
    const agent = new Agent({
      connect: createConnector({
        policy: options.policy,
        proxy: options.proxy,
        resolve: lookups.resolve,
        ca,
        proxyCa: systemCa,
        timeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        onConnect: (origin, peer) => remember(seen, origin, peer),
      }),
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      pipelining: 1,
    });
    const pool = { agent, dispatcher: agent.compose(inAbsoluteForm(options.proxy)) };
    pools.set(id, pool);
    peers.set(pool.dispatcher, seen);
    retireOldest();
    return pool.dispatcher;
  }

  /** CA bundles change with the custom resources: pools of former ones must not accumulate. */
  function retireOldest(): void {
    const [oldest] = [...pools].filter(([id]) => id !== '');
    if (pools.size <= MAX_POOLS || oldest === undefined) return;
    pools.delete(oldest[0]);
    void oldest[1].agent.close().catch(() => undefined);
  }

  async function send(request: PlainRequest, signal: AbortSignal) {
    try {
      const url = new URL(request.url);
      const pool = dispatcher(request.caBundle);
      const answer = await sendRequest(pool, {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { ...request.headers },
        body: request.body ?? null,
        signal,
      });
      const peer = peers.get(pool)?.get(url.origin);
      return ok<PlainResponse>({
        ...answer,
        route: proxyFor(options.proxy, targetOf(url))?.host ?? 'direct',
        ...(peer !== undefined && { peer }),
      });
    } catch (error) {
      return err(socketFailure(error));
    }
  }

  return {
    http: { send },
    dispatcher,
    resolve: lookups.resolve,
    lookups: () => lookups.counts(),
    async close() {
      await Promise.all([...pools.values()].map(({ agent }) => agent.destroy()));
    },
  };
}

/** Bounded, since endpoints change over time. */
function remember(seen: Map<string, Peer>, origin: string, peer: Peer): void {
  if (seen.size >= MAX_PEERS) seen.clear();
  seen.set(origin, peer);
}
