import { createHttpServer, type HttpAnswer, type HttpServer } from './http-server.ts';

/** Returns `undefined` if healthy, or else what is wrong. */
export type HealthCheck = () => string | undefined;

type Checks = Readonly<Record<string, HealthCheck>>;

/**
 * `/livez` and `/readyz`, as the API server has them: 200 `ok`, or 503 with one
 * line for each failed check; `?verbose` lists all checks.
 */
export function createHealthServer(options: {
  /** `host:port`; port 0 picks a free one. */
  readonly address: { readonly host: string; readonly port: number };
  readonly live: Checks;
  readonly ready: Checks;
}): HttpServer {
  const { address, live, ready } = options;
  return createHttpServer({
    name: 'health',
    address,
    routes: { '/livez': (query) => verdict(live, query), '/readyz': (query) => verdict(ready, query) },
  });
}

function verdict(checks: Checks, query: URLSearchParams): HttpAnswer {
  const results = Object.entries(checks).map(([name, check]) => ({ name, problem: check() }));
  const bad = results.filter((result) => result.problem !== undefined);
  const lines = (query.has('verbose') ? results : bad).map(({ name, problem }) =>
    problem === undefined ? `[+]${name} ok` : `[-]${name} failed: ${problem}`,
  );
  return {
    status: bad.length === 0 ? 200 : 503,
    body: [...lines, bad.length === 0 ? 'ok' : 'not ok'].join('\n'),
  };
}
