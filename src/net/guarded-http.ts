import type { Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent, type buildConnector, type Dispatcher } from 'undici';
import { err, ok } from '../base/result.ts';
import type { Peer, PlainHttp, PlainRequest, PlainResponse } from '../ports/http.ts';
import type { LookupCounts } from '../ports/metrics.ts';
import type { AddressPolicy } from './address-policy.ts';
import { announceBody } from './announce-body.ts';
import { CONNECT_TIMEOUT_MS, createConnector } from './connector.ts';
import type { Resolve } from './guarded-dial.ts';
import { sendRequest, type RequestOptions } from './http-request.ts';
import { createNameLookups, lookupLimit, systemLookup } from './name-lookups.ts';
import { inAbsoluteForm, throughProxy } from './proxied-request.ts';
import { checkProxies, proxyFor, targetOf, type ProxySettings } from './proxy.ts';
import { socketFailure } from './socket-failure.ts';

const MAX_HEADER_BYTES = 16 * 1024;
const IDLE_MS = 10_000;
const MAX_POOLS = 64;
const MAX_PEERS = 1024;
/** The key of the pool that trusts the system's CAs alone. */
const NO_BUNDLE = '';

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
  /** By the CA bundle. */
  const pools = new Map<string, Pool>();
  const lookups = createNameLookups({
    lookup: options.resolve ?? systemLookup,
    limit: lookupLimit(options.threadPoolSize),
  });
  const systemCa = getCACertificates('default');

  function poolFor(caBundle: string | undefined): Pool {
    const known = pools.get(caBundle ?? NO_BUNDLE);
    if (known !== undefined) return known;
    const ca = caBundle === undefined ? systemCa : [...systemCa, caBundle];
    const peers = new Map<string, Peer>();
    const connect = createConnector({
      policy: options.policy,
      proxy: options.proxy,
      resolve: lookups.resolve,
      ca,
      proxyCa: systemCa,
      timeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      onConnect: (origin, peer) => remember(peers, origin, peer),
    });
    const agent = new Agent({
      connect,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: IDLE_MS,
      pipelining: 1,
    });
    const pool = { connect, agent, dispatcher: agent.compose(inAbsoluteForm(options.proxy)), peers };
    pools.set(caBundle ?? NO_BUNDLE, pool);
    retireOldest();
    return pool;
  }

  /** CA bundles change with the custom resources: pools of former ones must not accumulate. */
  function retireOldest(): void {
    const [oldest] = [...pools].filter(([bundle]) => bundle !== NO_BUNDLE);
    if (pools.size <= MAX_POOLS || oldest === undefined) return;
    pools.delete(oldest[0]);
    void oldest[1].agent.close().catch(() => undefined);
  }

  async function send(request: PlainRequest, signal: AbortSignal) {
    try {
      const url = new URL(request.url);
      const pool = poolFor(request.caBundle);
      const answer =
        request.announces === undefined
          ? await sendRequest(pool.dispatcher, optionsOf(url, request, signal))
          : await announce(pool, options.proxy, { ...request, announces: request.announces, signal });
      const peer = pool.peers.get(url.origin);
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
    dispatcher: (caBundle) => poolFor(caBundle).dispatcher,
    resolve: lookups.resolve,
    lookups: () => lookups.counts(),
    async close() {
      await Promise.all([...pools.values()].map(({ agent }) => agent.destroy()));
    },
  };
}

/** Guarded connections that trust the same CAs. */
interface Pool {
  readonly connect: buildConnector.connector;
  readonly agent: Agent;
  readonly dispatcher: Dispatcher;
  /** By origin: later requests reuse the connection without a call of `onConnect`. */
  readonly peers: Map<string, Peer>;
}

function optionsOf(url: URL, request: PlainRequest, signal: AbortSignal): RequestOptions {
  const { method, headers, body = null } = request;
  return { origin: url.origin, path: url.pathname + url.search, method, headers: { ...headers }, body, signal };
}

/** By a connection of its own, which ends with it. */
async function announce(
  pool: Pool,
  proxy: ProxySettings,
  request: PlainRequest & { readonly announces: number; readonly signal: AbortSignal },
) {
  const { method, announces: bytes, signal } = request;
  const url = new URL(request.url);
  const { path, headers } = throughProxy(proxy, url, { host: url.host, ...request.headers });
  const socket = await connectTo(pool.connect, url);
  return announceBody(socket, { method, path, headers, bytes, maxHeaderSize: MAX_HEADER_BYTES }, signal);
}

function connectTo(connect: buildConnector.connector, { host, hostname, port, protocol }: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    connect({ host, hostname, port, protocol }, (error, socket) => {
      if (error === null) resolve(socket);
      else reject(error);
    });
  });
}

/** Bounded, since endpoints change over time. */
function remember(seen: Map<string, Peer>, origin: string, peer: Peer): void {
  if (seen.size >= MAX_PEERS) seen.clear();
  seen.set(origin, peer);
}
