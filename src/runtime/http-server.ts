import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Component } from './manager.ts';

/** The answer to a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType?: string;
  /** A long body in parts: each is made and sent in its own turn of the event loop. */
  readonly body: string | Iterable<string>;
}

/** Answers a GET of one path. */
export type HttpRoute = (query: URLSearchParams) => HttpAnswer | Promise<HttpAnswer>;

export interface HttpServer extends Component {
  /** The port it listens on, once started. */
  readonly port: number;
}

/** A small server for the kubelet and Prometheus; port 0 picks a free one. */
export function createHttpServer(options: {
  readonly name: string;
  readonly address: { readonly host: string; readonly port: number };
  readonly routes: Readonly<Record<string, HttpRoute>>;
}): HttpServer {
  const { name, address, routes } = options;
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  let port = address.port;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Untrusted: `//` is not a URL, and must not end the process.
    const url = URL.parse(request.url ?? '/', 'http://server');
    if (url === null) {
      await respond(response, { status: 400, body: 'no such path\n' });
      return;
    }
    const route = Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
    if (route === undefined) {
      await respond(response, { status: 404, body: `paths: ${Object.keys(routes).join(' ')}\n` });
      return;
    }
    try {
      await respond(response, await route(url.searchParams));
    } catch {
      if (response.headersSent) response.destroy();
      else await respond(response, { status: 500, body: 'internal error\n' });
    }
  }

  return {
    name,
    get port() {
      return port;
    },
    start() {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(address.port, address.host, () => {
          port = (server.address() as AddressInfo).port;
          resolve();
        });
      });
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function respond(response: ServerResponse, answer: HttpAnswer): Promise<void> {
  response.writeHead(answer.status, { 'content-type': answer.contentType ?? 'text/plain; charset=utf-8' });
  if (typeof answer.body === 'string') response.end(answer.body);
  else await pipeline(inTurns(answer.body), response);
}

async function* inTurns(parts: Iterable<string>): AsyncGenerator<string> {
  for (const part of parts) {
    yield part;
    await setImmediate();
  }
}
