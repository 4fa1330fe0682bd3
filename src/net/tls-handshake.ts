import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { checkNames } from './certificate-names.ts';
import { millisecondsLeft, socketError, type Deadline } from './deadline.ts';
import { verificationError } from './verification-error.ts';

/**
 * TLS over an established connection. The certificate must be for `host`, a name
 * or an address; names go into SNI. Its chain may end at any certificate of
 * `ca`, an intermediate one or the server's own too, as in Go. A failure closes
 * the connection.
 */
export function tlsHandshake(
  socket: Socket,
  host: string,
  options: { readonly ca: string[]; readonly deadline: Deadline },
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      secureContext: contextFor(options.ca),
      checkServerIdentity: checkNames,
      ALPNProtocols: ['http/1.1'],
      host,
      ...(isIP(host) === 0 && { servername: host }),
    });
    const timer = setTimeout(() => secure.destroy(socketError('ETIMEDOUT')), millisecondsLeft(options.deadline));
    // Not `once`: a broken record may follow the handshake at once, before the socket has its next owner.
    secure.on('error', (error: Error) => {
      clearTimeout(timer);
      socket.destroy();
      reject(verificationError(error));
    });
    // The other side may close without an error event.
    secure.once('close', () => {
      clearTimeout(timer);
      reject(socketError('ECONNRESET'));
    });
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(secure);
    });
  });
}

const contexts = new WeakMap<string[], SecureContext>();

/** Parsed once for a list of CAs: a system has about 150 of them, which take longer than the handshake. */
function contextFor(ca: string[]): SecureContext {
  const known = contexts.get(ca) ?? createSecureContext({ ca, allowPartialTrustChain: true });
  contexts.set(ca, known);
  return known;
}
