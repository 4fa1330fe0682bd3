import { gzipSync } from 'node:zlib';
import type { FaultBehaviour, Answer, Refusal } from './fault.ts';

/** In the message of every refusal: whoever shows a store's own words shows it. */
export const CANARY = 'CANARY-of-the-store';

/** Refuses in the provider's own format. */
export function refuses(status: number, code: string, more: Omit<Refusal, 'status' | 'code'> = {}): FaultBehaviour {
  const message = `${more.message ?? 'Refused.'} ${CANARY}`;
  return ({ refuse }) => refuse({ status, code, ...more, message });
}

/** Gives an answer of its own. */
export function answers(answer: Answer): FaultBehaviour {
  return () => answer;
}

/** What a console, a login page or a load balancer sends. */
export function html(status: number): FaultBehaviour {
  const body = `<!doctype html><html><head><title>Sign in</title></head><body><p>${CANARY}</body></html>`;
  return answers({ status, headers: { 'content-type': 'text/html; charset=utf-8' }, body });
}

/** Serves, with some headers changed; an empty one is left out. */
export function withHeaders(changes: Readonly<Record<string, string>>): FaultBehaviour {
  return ({ serve }) => {
    const answer = serve();
    return { ...answer, headers: { ...answer.headers, ...changes } };
  };
}

/** Serves with a body of its own. */
export function withBody(body: string | Uint8Array): FaultBehaviour {
  return ({ serve }) => ({ ...serve(), body });
}

/** Serves with the body in gzip, which nobody asked for. */
export const gzipped: FaultBehaviour = ({ serve }) => {
  const answer = serve();
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip' },
    body: gzipSync(answer.body ?? ''),
  };
};

/** Confirms, and does nothing. */
export const onlyPretends: FaultBehaviour = ({ pretend }) => pretend();

/** Sends back what it was sent. */
export const echoes: FaultBehaviour = ({ asked }) => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: `${asked.method} ${asked.path}?${asked.query.toString()}\n${JSON.stringify(asked.headers)}\n\n${asked.body.toString('utf8')}`,
});

/** Its clock differs from ours by so many seconds; nothing else is said of it. */
export function clockAhead(seconds: number): FaultBehaviour {
  return (meeting) => withHeaders({ date: new Date(Date.now() + seconds * 1000).toUTCString() })(meeting);
}
