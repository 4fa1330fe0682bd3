import type { BucketCall } from '../../../src/ports/bucket-call.ts';
import type { GuardedHttp } from '../../../src/net/guarded-http.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { PlainRequest, PlainResponse } from '../../../src/ports/http.ts';

/** An answer in a script; its body is text. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Answers one request; `undefined` for one that hangs until its signal ends it. */
export type Script = (request: PlainRequest) => ScriptedAnswer | undefined;

/** A network whose only host answers by a script, and what it was asked. */
export function scriptedNet(script: Script): { readonly net: GuardedHttp; readonly requests: readonly PlainRequest[] } {
  const requests: PlainRequest[] = [];
  const unused = (): never => {
    throw new Error('a driver sends by http alone');
  };
  const send = (request: PlainRequest, signal: AbortSignal): BucketCall<PlainResponse> => {
    requests.push(request);
    const answer = script(request);
    if (answer !== undefined) {
      const { status, headers = {}, body = '' } = answer;
      return Promise.resolve(ok({ status, headers, body: Buffer.from(body), route: 'direct' }));
    }
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(err({ kind: 'DeadlineExceeded' })), { once: true });
    });
  };
  const net = { http: { send }, dispatcher: unused, resolve: unused, lookups: unused, close: () => Promise.resolve() };
  return { net, requests };
}
