import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { Agent, type Dispatcher } from 'undici';
import { defined } from '../base/defined.ts';

/** A response whose body has not been read yet. */
export type KubeResponse = Dispatcher.ResponseData;

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Called when the request is about to be sent, after any wait for a connection; if false, it fails with `NotLeading`. */
  readonly maySend?: () => boolean;
}

/** Requests to one API server over a shared pool of connections. */
export interface KubeConnection {
  /** Rejects with the socket's error when there is no answer. */
  request(request: KubeRequest): Promise<KubeResponse>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a pool to the current cluster of a kubeconfig. The official client opens a
 * connection for every request; we use it only for credentials, and read these before
 * every request, so that exec plugins, re-read token files and rotated client
 * certificates take effect. The pool is keyed by the TLS material: when that
 * changes, a new pool replaces the old one, which closes after its last request.
 */
export function createKubeConnection(kubeConfig: KubeConfig): KubeConnection {
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig has no current cluster: set a context');
  const base = new URL(server);
  let pool: { readonly id: string; readonly agent: Agent } | undefined;

  function agentFor(options: RequestOptions): Agent {
    const { ca, cert, key, rejectUnauthorized, servername } = options;
    const id = fingerprint([ca, cert, key, String(rejectUnauthorized), servername]);
    if (pool?.id === id) return pool.agent;
    const previous = pool?.agent;
    const connect = {
      timeout: CONNECT_TIMEOUT_MS,
      // For all connections: reading the certificates takes longer than a request.
      secureContext: createSecureContext(defined({ ca, cert, key })),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      ...(servername !== undefined && { servername }),
    } as NonNullable<Agent.Options['connect']>;
    // HTTP/1.1: over HTTP/2 all requests share one connection, and a dead one would be kept although requests on it
    // time out. Each watch takes a connection of its own, so the number of connections has no limit.
    // Deadlines come with each request's signal: watches stay open for minutes.
    pool = { id, agent: new Agent({ connect, allowH2: false, headersTimeout: 0, bodyTimeout: 0 }) };
    // `close` lets running requests, watches too, finish.
    if (previous !== undefined) void previous.close().catch(() => undefined);
    return pool.agent;
  }

  return {
    async request(request) {
      const options: RequestOptions = { headers: {} };
      await kubeConfig.applyToHTTPSOptions(options);
      const basic = typeof options.auth === 'string' ? basicAuth(options.auth) : {};
      const { maySend } = request;
      const agent = agentFor(options);
      return (maySend === undefined ? agent : agent.compose(gate(maySend))).request({
        origin: base.origin,
        path: base.pathname.replace(/\/$/, '') + request.path,
        method: request.method,
        headers: {
          accept: 'application/json',
          ...(options.headers as Record<string, string>),
          ...basic,
          ...request.headers,
        },
        body: request.body ?? null,
        signal: request.signal,
      });
    },
    async close() {
      await pool?.agent.destroy();
    },
  };
}

/** undici starts a request in the same turn in which it writes it to the socket. */
function gate(maySend: () => boolean): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context);
        if (!maySend()) controller.abort(Object.assign(new Error('must not be sent any more'), { code: 'NotLeading' }));
      },
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}

function basicAuth(auth: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
}

function fingerprint(parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(Buffer.isBuffer(part) ? part : JSON.stringify(part ?? null)).update('\n');
  return hash.digest('hex');
}
