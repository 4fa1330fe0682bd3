import { connect, isIP, type Socket } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
import { millisecondsLeft, socketError, type Deadline } from './deadline.ts';
import { FORBIDDEN } from './socket-failure.ts';

/** Resolves a host to addresses. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** More addresses are checked against the policy, but not dialled. */
const MAX_DIALS = 4;

export interface Guard {
  readonly policy: AddressPolicy;
  readonly resolve: Resolve;
}

/**
 * Opens a TCP connection to a host, and only to an address that the policy
 * allows: every resolved address is checked, an allowed one is dialled by number,
 * and the remote address is checked again before anything is sent. A hook in the
 * resolver alone would miss hosts that are addresses already.
 *
 * Addresses are tried in turn, and share the time that is left: the first that
 * never answers must not take it all.
 *
 * Throws the socket's error, or one with code `ENDPOINT_FORBIDDEN`.
 */
export async function guardedDial(
  target: { readonly host: string; readonly port: number },
  guard: Guard,
  deadline: Deadline,
): Promise<Socket> {
  const { host, port } = target;
  const addresses = await resolveHost(host, guard.resolve, deadline);
  if (addresses.length === 0 || !mayDial(addresses, target, guard.policy)) throw forbidden();
  const turns = alternateFamilies(addresses).slice(0, MAX_DIALS);
  let failure: unknown;
  for (const [turn, address] of turns.entries()) {
    try {
      const socket = await dial(address, port, millisecondsLeft(deadline) / (turns.length - turn));
      const reached = socket.remoteAddress;
      if (reached !== undefined && guard.policy.allows(host, reached, port)) return socket;
      socket.destroy();
      // Without a remote address the other side has closed the connection already.
      throw reached === undefined ? socketError('ECONNRESET') : forbidden();
    } catch (error) {
      // That this machine has no IPv6 is the less useful of two failures.
      if (failure === undefined || isUnreachable(failure)) failure = error;
    }
  }
  throw failure;
}

/** A forbidden address among allowed ones is a rebinding attempt or a mistake: all are refused. */
export function mayDial(
  addresses: readonly string[],
  { host, port }: { readonly host: string; readonly port: number },
  policy: AddressPolicy,
): boolean {
  return addresses.every((address) => policy.allows(host, address, port));
}

/** The addresses of a host; an address is its own. A resolver that does not answer in time is `EAI_AGAIN`. */
export function resolveHost(host: string, resolve: Resolve, deadline: Deadline): Promise<readonly string[]> {
  if (isIP(host) !== 0) return Promise.resolve([host]);
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(socketError('EAI_AGAIN')), millisecondsLeft(deadline));
    resolve(host)
      .then(done, fail)
      .finally(() => clearTimeout(timer));
  });
}

/** The same for every cause, so that the operator cannot be used to scan a network. */
export function forbidden(): Error {
  return Object.assign(new Error('the endpoint is not allowed'), { code: FORBIDDEN });
}

/** IPv4 and IPv6 in turn, beginning with the resolver's choice: one family may be unreachable as a whole. */
function alternateFamilies(addresses: readonly string[]): readonly string[] {
  const first = addresses.filter((address) => isIP(address) === isIP(addresses[0] ?? ''));
  const second = addresses.filter((address) => !first.includes(address));
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, index) => [first[index], second[index]])
    .flat()
    .filter((address) => address !== undefined);
}

function isUnreachable(error: unknown): boolean {
  return ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL'].includes(String((error as { code?: unknown }).code));
}

function dial(address: string, port: number, timeoutMs: number): Promise<Socket> {
  if (timeoutMs <= 0) return Promise.reject(socketError('ETIMEDOUT'));
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, family: isIP(address) });
    const timer = setTimeout(() => socket.destroy(socketError('ETIMEDOUT')), timeoutMs);
    // The listener stays: an error between two owners of the socket must not end the process.
    socket.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}
