import { createHash } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { Agent, type Dispatcher } from 'undici';
import { err, ok } from '../base/result.ts';
import type { Peer, PlainHttp, PlainRequest, PlainResponse } from '../ports/http.ts';
import type { AddressPolicy } from './address-policy.ts';
import { CONNECT_TIMEOUT_MS, createConnector } from './connector.ts';
import { systemResolve, type Resolve } from './guarded-dial.ts';
import { sendRequest } from './http-request.ts';
import { checkProxies, proxyFor, type ProxySettings } from './proxy.ts';
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
  close(): Promise<void>;
}

export function createGuardedHttp(options: {
  readonly policy: AddressPolicy;
  readonly proxy: ProxySettings;
  readonly resolve?: Resolve;
  readonly connectTimeoutMs?: number;
}): GuardedHttp {
  checkProxies(options.proxy);
  const pools = new Map<string, Agent>();
  /** Of each pool, by origin: connections live on from one request to the next. */
  const peers = new WeakMap<Dispatcher, Map<string, Peer>>();
  const resolve = options.resolve ?? systemResolve;
  const systemCa = getCACertificates('default');

  function dispatcher(caBundle: string | undefined): Dispatcher {
    const id = caBundle === undefined ? '' : createHash('sha256').update(caBundle).digest('hex');
    const known = pools.get(id);
    if (known !== undefined) return known;
    const ca = caBundle === undefined ? systemCa : [...systemCa, caBundle];
    const seen = new Map<string, Peer>();
    const agent = new Agent({
      connect: createConnector({
        policy: options.policy,
        proxy: options.proxy,
        resolve,
        ca,
        proxyCa: systemCa,
        timeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        onConnect: (origin, peer) => {
          if (seen.size >= MAX_PEERS) seen.clear();
          seen.set(origin, peer);
        },
      }),
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      pipelining: 1,
    });
    pools.set(id, agent);
    peers.set(agent, seen);
    retireOldest();
    return agent;
  }

  /** CA bundles come and go with the CRs: the pools of old ones must not pile up. */
  function retireOldest(): void {
    const [oldest] = [...pools].filter(([id]) => id !== '');
    if (pools.size <= MAX_POOLS || oldest === undefined) return;
    pools.delete(oldest[0]);
    void oldest[1].close().catch(() => undefined);
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
      return ok<PlainResponse>({ ...answer, route: routeOf(url), ...(peer !== undefined && { peer }) });
    } catch (error) {
      return err(socketFailure(error));
    }
  }

  function routeOf(url: URL): string {
    const tls = url.protocol === 'https:';
    const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
    return proxyFor(options.proxy, { tls, host: url.hostname, port })?.host ?? 'direct';
  }

  return {
    http: { send },
    dispatcher,
    async close() {
      await Promise.all([...pools.values()].map((agent) => agent.destroy()));
    },
  };
}
