import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { PlainResponse } from '../ports/http.ts';
import { collectBody, flat, tooLarge } from './http-request.ts';

/** A request whose body is only announced. */
export interface Announcement {
  readonly method: string;
  /** What stands in the first line: a path, or the whole URL for a proxy. */
  readonly path: string;
  /** `Host` included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly maxHeaderSize: number;
}

type Answer = Omit<PlainResponse, 'route' | 'peer'>;

/**
 * Sends the head of a request with `Expect: 100-continue` and the length of a body (RFC 9110, 10.1.1), and closes the
 * connection after the first answer: status 100 of who would take the body, or a refusal. No byte of a body is
 * sent. undici cannot do this.
 */
export function announceBody(socket: Socket, announcement: Announcement, signal: AbortSignal): Promise<Answer> {
  const { method, path, headers, bytes, maxHeaderSize } = announcement;
  const announced = { ...headers, 'content-length': String(bytes), expect: '100-continue' };
  return new Promise<Answer>((resolve, reject) => {
    const request = httpRequest({
      createConnection: () => socket,
      method,
      path,
      headers: announced,
      setHost: false,
      maxHeaderSize,
      signal,
    });
    const end = (answer: Answer): void => {
      resolve(answer);
      request.destroy();
    };
    request.on('continue', () => end({ status: 100, headers: {}, body: new Uint8Array() }));
    request.on('response', (response) => {
      read(response).then(end, reject);
    });
    // The listener stays: closing a connection early is an error of its own.
    request.on('error', reject);
    request.flushHeaders();
  }).finally(() => socket.destroy());
}

async function read(response: IncomingMessage): Promise<Answer> {
  const body = collectBody();
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    if (!body.add(chunk)) throw tooLarge();
  }
  return { status: response.statusCode ?? 0, headers: flat(response.headers), body: body.bytes() };
}
