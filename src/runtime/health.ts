import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Component } from './manager.ts';

/** A named condition of health; `undefined` is good, a text says what is wrong. */
export type HealthCheck = () => string | undefined;

export interface HealthServer extends Component {
  /** Where it listens, once started. */
  readonly port: number;
}

/**
 * `/livez` and `/readyz` in the API server's manner: 200 `ok`, or 503 with one
 * line a failed check; `?verbose` lists all of them.
 */
export function createHealthServer(options: {
  /** `host:port`; port 0 picks a free one. */
  readonly address: { readonly host: string; readonly port: number };
  readonly live: Readonly<Record<string, HealthCheck>>;
  readonly ready: Readonly<Record<string, HealthCheck>>;
}): HealthServer {
  const server = createServer((request, response) => answer(request, response));
  let port = options.address.port;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    // Anyone who reaches the port chooses this text: `//` is no URL, and must not end the process.
    const url = URL.parse(request.url ?? '/', 'http://health');
    if (url === null) {
      respond(response, 400, 'no such path\n');
      return;
    }
    const checks = { '/livez': options.live, '/readyz': options.ready }[url.pathname];
    if (checks === undefined) {
      respond(response, 404, 'paths: /livez /readyz\n');
      return;
    }
    const results = Object.entries(checks).map(([name, check]) => ({ name, problem: check() }));
    const bad = results.filter((result) => result.problem !== undefined);
    const lines = (url.searchParams.has('verbose') ? results : bad).map(({ name, problem }) =>
      problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`,
    );
    const verdict = bad.length === 0 ? 'ok' : 'not ok';
    respond(response, bad.length === 0 ? 200 : 503, [...lines, verdict].join('\n'));
  }

  return {
    name: 'health',
    get port() {
      return port;
    },
    start() {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.address.port, options.address.host, () => {
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

function respond(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(body);
}
