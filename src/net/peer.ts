import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import ipaddr from 'ipaddr.js';
import type { Peer } from '../ports/http.ts';

/** How a connection came about. */
interface Route {
  /** The address is that of a proxy, not of the store. */
  readonly proxied: boolean;
  /** The store uses TLS. Otherwise a certificate is that of an HTTPS proxy. */
  readonly tls: boolean;
  readonly systemCa: string[];
}

/** What a connection shows of its peer. */
export function peerOf(socket: Socket, how: Route): Peer {
  const address = how.proxied ? undefined : socket.remoteAddress;
  return {
    ...(address !== undefined && ipaddr.isValid(address) && { isPublic: isPublic(address) }),
    ...(how.tls && socket instanceof TLSSocket && certificateOf(socket, how.systemCa)),
  };
}

function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}

function certificateOf(socket: TLSSocket, systemCa: string[]): Pick<Peer, 'certificate'> {
  // Null once the socket is closed, although the types exclude it.
  const leaf = socket.getPeerCertificate(true) as DetailedPeerCertificate | null;
  if (leaf?.valid_to === undefined) return {};
  const anchor = anchorOf(leaf);
  const isSystemCa = fingerprintsOf(systemCa).has(anchor.fingerprint256);
  return { certificate: { validTo: Date.parse(leaf.valid_to), systemCa: isSystemCa } };
}

/** The end of the chain: a self-signed certificate, or the last that is known. */
function anchorOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate {
  let current = leaf;
  for (let depth = 0; depth < 10; depth++) {
    const issuer = current.issuerCertificate as DetailedPeerCertificate | undefined;
    if (issuer === undefined || issuer.fingerprint256 === current.fingerprint256) break;
    current = issuer;
  }
  return current;
}

const parsed = new WeakMap<string[], ReadonlySet<string>>();

/** Parsed once: a system has about 150 of them. */
function fingerprintsOf(pems: string[]): ReadonlySet<string> {
  const known = parsed.get(pems);
  if (known !== undefined) return known;
  const found = new Set(pems.map((pem) => new X509Certificate(pem).fingerprint256));
  parsed.set(pems, found);
  return found;
}
