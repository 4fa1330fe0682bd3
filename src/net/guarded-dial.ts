import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
import { FORBIDDEN } from './socket-failure.ts';

/** Resolves a host to addresses; `dns.lookup` unless a test brings its own. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a TCP connection to a host, and only to an address that the policy
 * allows: every resolved address is judged, an allowed one is dialled by number,
 * and the remote address is judged again before anything is sent. A hook at the
 * resolver alone would miss addresses that need no resolving.
 *
 * Throws the socket's error, or one with code `ENDPOINT_FORBIDDEN`.
 */
export async function guardedDial(
  target: { readonly host: string; readonly port: number },
  guard: { readonly policy: AddressPolicy; readonly resolve: Resolve },
): Promise<Socket> {
  const { host, port } = target;
  const addresses = isIP(host) === 0 ? await guard.resolve(host) : [host];
  // One bad address among good ones is a rebinding attempt or a mistake: refuse them all.
  if (addresses.length === 0 || !addresses.every((address) => guard.policy.allows(host, address))) throw forbidden();
  let failure: unknown;
  for (const address of addresses.slice(0, 4)) {
    try {
      const socket = await dial(address, port);
      if (socket.remoteAddress !== undefined && guard.policy.allows(host, socket.remoteAddress)) return socket;
      socket.destroy();
      throw forbidden();
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The same for every cause, so that nobody scans a network with us. */
export function forbidden(): Error {
  return Object.assign(new Error('the endpoint is not allowed'), { code: FORBIDDEN });
}

function dial(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, family: isIP(address) });
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT' }));
    }, CONNECT_TIMEOUT_MS);
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      end();
    };
    socket.once('error', (error) => settle(() => reject(error)));
    socket.once('connect', () => settle(() => resolve(socket)));
  });
}
