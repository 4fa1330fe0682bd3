import type { Socket } from 'node:net';
import { millisecondsLeft, socketError, type Deadline } from './deadline.ts';
import { dialProxy, proxyAuthorization, proxyFailure, type ProxyDialOptions } from './proxy-dial.ts';
import { CONNECT } from './socket-failure.ts';

/** A longer head is not an answer to CONNECT. */
const MAX_HEAD_BYTES = 8192;

/**
 * A tunnel through an HTTP proxy, for TLS. A failure to open it has a code that
 * begins with `CONNECT`: it is the proxy's failure, not the store's.
 */
export async function openTunnel(
  proxy: URL,
  target: { readonly host: string; readonly port: number },
  options: ProxyDialOptions,
): Promise<Socket> {
  let socket: Socket | undefined;
  try {
    socket = await dialProxy(proxy, options);
    const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
    const authorization = proxyAuthorization(proxy);
    const credential = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${credential}\r\n`);
    const status = await connectStatus(socket, options.deadline);
    if (status < 200 || status > 299) throw socketError(String(status));
    return socket;
  } catch (error) {
    socket?.destroy();
    throw proxyFailure(CONNECT, error);
  }
}

/** Status of the proxy's answer to CONNECT; 0 for anything else. Bytes after the head stay in the socket. */
function connectStatus(socket: Socket, deadline: Deadline): Promise<number> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
      socket.pause();
      end();
    };
    const onData = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length < MAX_HEAD_BYTES) return;
      settle(() => {
        const status = /^HTTP\/1\.[01] (\d{3})[ \r]/.exec(head.toString('latin1', 0, Math.max(end + 2, 0)))?.[1];
        if (end >= 0 && head.length > end + 4) socket.unshift(head.subarray(end + 4));
        resolve(Number(status ?? 0));
      });
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onEnd = (): void => settle(() => resolve(0));
    const timer = setTimeout(() => settle(() => reject(socketError('ETIMEDOUT'))), millisecondsLeft(deadline));
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  });
}
