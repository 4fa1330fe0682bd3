import type { Socket } from 'node:net';
import { socketError, type Deadline } from './deadline.ts';
import { guardedDial, type Resolve } from './guarded-dial.ts';
import { targetOf } from './proxy.ts';
import type { CONNECT, PROXY } from './socket-failure.ts';
import { tlsHandshake } from './tls-handshake.ts';

export interface ProxyDialOptions {
  readonly resolve: Resolve;
  /** PEM certificates that are trusted for an HTTPS proxy. */
  readonly ca: string[];
  readonly deadline: Deadline;
}

/** A connection to the proxy itself, with TLS where its address says https. */
export async function dialProxy(proxy: URL, options: ProxyDialOptions): Promise<Socket> {
  const { tls, host, port } = targetOf(proxy);
  // The administrator chose the proxy: the policy for endpoints does not apply to it.
  const anywhere = { policy: { allows: () => true }, resolve: options.resolve };
  const plain = await guardedDial({ host, port }, anywhere, options.deadline);
  return tls ? tlsHandshake(plain, host, options) : plain;
}

/** The value of `Proxy-Authorization`; `undefined` where the proxy's address holds no user. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === '') return undefined;
  const user = `${decoded(proxy.username)}:${decoded(proxy.password)}`;
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/** Marks a failure as one of the proxy, not of the store: the code begins with the way the proxy was used. */
export function proxyFailure(asked: typeof CONNECT | typeof PROXY, error: unknown): Error {
  const { code } = error as { code?: unknown };
  return socketError(`${asked}${typeof code === 'string' ? code : 'failed'}`);
}

/** A password may contain a percent sign that encodes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
