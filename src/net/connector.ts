import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { deadlineIn } from './deadline.ts';
import type { Peer } from '../ports/http.ts';
import { forbidden, guardedDial, mayDial, resolveHost, type Guard } from './guarded-dial.ts';
import { peerOf } from './peer.ts';
import { dialProxy, proxyFailure, type ProxyDialOptions } from './proxy-dial.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { proxyFor, targetOf, type ProxySettings } from './proxy.ts';
import { PROXY } from './socket-failure.ts';
import { tlsHandshake } from './tls-handshake.ts';

/** Less than the ten seconds of a call: its deadline would hide whether proxy or store did not answer. */
export const CONNECT_TIMEOUT_MS = 8000;

export interface ConnectorOptions extends Guard {
  readonly proxy: ProxySettings;
  /** PEM certificates that are trusted, the system's included. */
  readonly ca: string[];
  /** The same for an HTTPS proxy: a CA that a user trusts for a store is not trusted for the proxy. */
  readonly proxyCa: string[];
  /** For names, addresses, proxy and TLS together. */
  readonly timeoutMs: number;
  /** Called for each connection to an origin, before it carries a request. */
  readonly onConnect?: (origin: string, peer: Peer) => void;
}

/** An undici connector whose every connection is guarded, through a proxy too. */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  return (target, callback) => {
    open(target, options).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(Error.isError(error) ? error : new Error('connect failed'), null),
    );
  };
}

async function open(target: buildConnector.Options, options: ConnectorOptions): Promise<Socket> {
  const deadline = deadlineIn(options.timeoutMs);
  const url = new URL(`${target.protocol}//${target.host ?? target.hostname}`);
  const { tls, host, port } = targetOf(url);
  const proxy = proxyFor(options.proxy, { tls, host, port });
  if (proxy !== undefined) await judge({ host, port }, options);
  const way = { resolve: options.resolve, ca: options.proxyCa, deadline };
  const socket =
    proxy === undefined
      ? await guardedDial({ host, port }, options, deadline)
      : await (tls ? openTunnel(proxy, { host, port }, way) : dialForRequests(proxy, way));
  const ready = tls ? await tlsHandshake(socket, target.servername ?? host, { ca: options.ca, deadline }) : socket;
  options.onConnect?.(url.origin, peerOf(ready, { proxied: proxy !== undefined, tls, systemCa: options.proxyCa }));
  return ready;
}

/** A connection to the proxy for requests that name the whole URL (`inAbsoluteForm`). */
async function dialForRequests(proxy: URL, way: ProxyDialOptions): Promise<Socket> {
  try {
    return await dialProxy(proxy, way);
  } catch (error) {
    throw proxyFailure(PROXY, error);
  }
}

/**
 * Applies the policy before the proxy gets the target: an address that the policy refuses must not be reached through
 * the proxy either. Where only the proxy can resolve the name, only its own rules apply.
 */
async function judge(
  target: { readonly host: string; readonly port: number },
  { policy, resolve, timeoutMs }: ConnectorOptions,
): Promise<void> {
  // A resolver for internal names only may take long to fail: leave time for the proxy.
  const addresses = await resolveHost(target.host, resolve, deadlineIn(timeoutMs / 2)).catch(() => []);
  if (!mayDial(addresses, target, policy)) throw forbidden();
}
