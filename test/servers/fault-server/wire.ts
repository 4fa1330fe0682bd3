import type { ServerResponse } from 'node:http';
import type { FaultBehaviour } from './fault.ts';

/** Acts on the connection itself. */

/** Never answers. */
export const hangs: FaultBehaviour = () => () => 'for ever';

/** Cuts the connection without a word. */
export const resets: FaultBehaviour = () => (response) => {
  response.socket?.resetAndDestroy();
  return 'ended';
};

/** Cuts the connection amid the answer. */
export const cutsShort: FaultBehaviour =
  ({ serve }) =>
  (response) => {
    const { status, headers = {}, body = '' } = serve();
    const half = Buffer.from(body).subarray(0, Math.ceil(Buffer.byteLength(body) / 2));
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body) + 10) });
    response.write(half.length === 0 ? 'x' : half, () => void response.socket?.destroy());
    return 'ended';
  };

/** Sends a body a byte at a time. */
export const drips: FaultBehaviour = () => (response) => {
  response.writeHead(200, { 'content-type': 'application/xml', 'content-length': '100000' });
  return drip(response, (byte) => response.write(byte));
};

/** Sends headers a byte at a time. */
export const dripsHeaders: FaultBehaviour = () => (response) => {
  response.socket?.write('HTTP/1.1 200 OK\r\nX-Slow: ');
  return drip(response, (byte) => response.socket?.write(byte));
};

function drip(response: ServerResponse, write: (byte: string) => unknown): 'for ever' {
  const timer = setInterval(() => write('x'), 5);
  response.socket?.once('close', () => clearInterval(timer));
  return 'for ever';
}

/** Sends a body without end, as fast as it is taken. */
export function endless(status: number): FaultBehaviour {
  return () => (response) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    pour(response, Buffer.alloc(16 * 1024, 'x'));
    return 'ended';
  };
}

/** Sends headers without end. */
export const endlessHeaders: FaultBehaviour = () => (response) => {
  const { socket } = response;
  if (socket !== null) {
    socket.write('HTTP/1.1 200 OK\r\n');
    pour(socket, Buffer.from(`X-Header: ${'x'.repeat(1000)}\r\n`));
  }
  return 'ended';
};

/** Speaks another protocol. */
export const speaksOtherwise: FaultBehaviour = () => (response) => {
  response.socket?.end('SSH-2.0-OpenSSH_9.9\r\n');
  return 'ended';
};

/** Gives the same piece again and again, until the other side hangs up. */
function pour(stream: NodeJS.WritableStream & { readonly destroyed?: boolean }, piece: Buffer): void {
  while (stream.destroyed !== true && stream.write(piece));
  if (stream.destroyed !== true) stream.once('drain', () => pour(stream, piece));
}
