import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { deadlineIn } from './deadline.ts';
import { forbidden, guardedDial, resolveHost, type Guard } from './guarded-dial.ts';
import { proxyFor, type ProxySettings } from './proxy.ts';
import { peerOf } from './peer.ts';
import type { Peer } from '../ports/http.ts';
import { openTunnel } from './proxy-tunnel.ts';
import { tlsHandshake } from './tls-handshake.ts';

/** Less than the ten seconds of a call: its deadline would hide who did not answer. */
export const CONNECT_TIMEOUT_MS = 8000;

export interface ConnectorOptions extends Guard {
  readonly proxy: ProxySettings;
  /** PEM certificates that are trusted, the system's included. */
  readonly ca: string[];
  /** The same for an HTTPS proxy: what a user trusts for a store says nothing about the proxy. */
  readonly proxyCa: string[];
  /** For names, addresses, proxy and TLS together. */
  readonly timeoutMs: number;
  /** Told of each connection to an origin, before it carries a request. */
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
  const tls = target.protocol === 'https:';
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = target.port === '' ? (tls ? 443 : 80) : Number(target.port);
  const proxy = proxyFor(options.proxy, { tls, host, port });
  if (proxy !== undefined) await judge(host, options);
  const socket =
    proxy === undefined
      ? await guardedDial({ host, port }, options, deadline)
      : await openTunnel(proxy, { host, port }, { resolve: options.resolve, ca: options.proxyCa, deadline });
  const ready = tls ? await tlsHandshake(socket, target.servername ?? host, { ca: options.ca, deadline }) : socket;
  const { origin } = new URL(`${target.protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`);
  options.onConnect?.(origin, peerOf(ready, { proxied: proxy !== undefined, systemCa: options.proxyCa }));
  return ready;
}

/**
 * Before CONNECT: what the policy refuses must not be reached by the proxy's
 * feet either. Where only the proxy can resolve the name, its own rules have to do.
 */
async function judge(host: string, options: ConnectorOptions): Promise<void> {
  // A resolver that knows only the inside may take long to say so: leave time for the proxy.
  const addresses = await resolveHost(host, options.resolve, deadlineIn(options.timeoutMs / 2)).catch(() => []);
  if (!addresses.every((address) => options.policy.allows(host, address))) throw forbidden();
}
