import type { Socket } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { forbidden, guardedDial, type Resolve } from './guarded-dial.ts';
import type { AddressPolicy } from './address-policy.ts';
import { proxyFor, type ProxySettings } from './proxy.ts';
import { CONNECT } from './socket-failure.ts';

export interface ConnectorOptions {
  readonly policy: AddressPolicy;
  readonly resolve: Resolve;
  readonly proxy: ProxySettings;
  /** PEM certificates that are trusted, the system's included. */
  readonly ca: string[];
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

async function open(target: buildConnector.Options, options: ConnectorOptions): Promise<Socket | TLSSocket> {
  const tls = target.protocol === 'https:';
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const port = target.port === '' ? (tls ? 443 : 80) : Number(target.port);
  const proxy = proxyFor(options.proxy, { tls, host, port });
  const socket =
    proxy === undefined ? await guardedDial({ host, port }, options) : await tunnel(proxy, { host, port }, options);
  if (!tls) return socket;
  return handshake(socket, target.servername ?? host, options.ca);
}

/**
 * A tunnel through an HTTP proxy. The target is judged before CONNECT: what the
 * policy refuses must not be reached by the proxy's feet either. Where only the
 * proxy can resolve the name, its own rules have to do.
 */
async function tunnel(
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  options: ConnectorOptions,
): Promise<Socket> {
  const addresses = await options.resolve(target.host).catch(() => []);
  if (!addresses.every((address) => options.policy.allows(target.host, address))) throw forbidden();
  // The proxy is the administrator's own choice: it may stand where endpoints may not.
  const anywhere = { policy: { allows: () => true }, resolve: options.resolve };
  const port = proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port);
  const plain = await guardedDial({ host: proxy.hostname.replace(/^\[|\]$/g, ''), port }, anywhere);
  const socket = proxy.protocol === 'https:' ? await handshake(plain, proxy.hostname, options.ca) : plain;
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const user = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  const authorization =
    proxy.username === '' ? '' : `Proxy-Authorization: Basic ${Buffer.from(user).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const status = await connectStatus(socket);
  if (status === 200) return socket;
  socket.destroy();
  throw Object.assign(new Error('the proxy refused'), { code: `${CONNECT}${String(status)}` });
}

/** Status of the proxy's answer to CONNECT; 0 when it is none within 8 KiB. */
function connectStatus(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.includes('\r\n\r\n') && text.length < 8192) return;
      socket.off('data', onData);
      socket.off('error', onError);
      socket.off('close', onClose);
      socket.pause();
      resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0));
    };
    const onError = (error: Error): void => reject(error);
    const onClose = (): void => resolve(0);
    socket.on('data', onData);
    socket.on('error', onError);
    socket.on('close', onClose);
  });
}

function handshake(socket: Socket, servername: string, ca: string[]): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const isName = !/^[\d.]+$|:/.test(servername);
    const secure = tlsConnect({
      socket,
      ca,
      ALPNProtocols: ['http/1.1'],
      host: servername,
      ...(isName && { servername }),
    });
    const timer = setTimeout(
      () => secure.destroy(Object.assign(new Error('handshake timed out'), { code: 'ETIMEDOUT' })),
      10_000,
    );
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      secure.removeAllListeners('error');
      resolve(secure);
    });
    secure.once('error', (error: Error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
