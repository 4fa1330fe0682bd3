import { bytesInRange } from '../byte-range.ts';
import type { Answer, Refusal } from './fault.ts';
import type { Objects } from './objects.ts';
import type { Asked, Operation, OperationName } from './operation.ts';

/** The one bucket of a store, whose front end may be at any `origin`. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  /** AWS account that owns it. */
  readonly owner: string;
  readonly objects: Objects;
}

/**
 * How stores of one provider are spoken to. They believe every signature:
 * emulators are there to check those. Whoever brings none is refused.
 */
export interface Dialect {
  /** What a request asks for; `undefined` for what no probe asks. */
  operationOf(asked: Asked, bucket: Bucket): Operation | undefined;
  serve(operation: Operation, asked: Asked, bucket: Bucket): Answer;
  refuse(refusal: Refusal, operation: Operation): Answer;
}

/** How each operation is served. */
export type Services = Readonly<Record<OperationName, (operation: Operation, asked: Asked, bucket: Bucket) => Answer>>;

/** The headers by which a store in order lets a browser of any origin in. */
export function corsHeaders({ headers }: Asked): Readonly<Record<string, string>> {
  const { origin } = headers;
  if (origin === undefined) return {};
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'ETag', vary: 'Origin' };
}

/** The same answer, as a browser may read it. */
export function forBrowsers(answer: Answer, asked: Asked): Answer {
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(asked) } };
}

/** The answer to a preflight by the rule that W&B documents. */
function preflightAnswer(_operation: Operation, asked: Asked): Answer {
  const headers = {
    ...corsHeaders(asked),
    'access-control-allow-methods': 'GET, HEAD, PUT',
    'access-control-allow-headers': (asked.headers['access-control-request-headers'] ?? '').toLowerCase(),
    'access-control-max-age': '3000',
  };
  return { status: 200, headers };
}

export const PREFLIGHTS = {
  'preflight GET': preflightAnswer,
  'preflight HEAD': preflightAnswer,
  'preflight PUT': preflightAnswer,
} as const satisfies Partial<Services>;

/** What this provider does not know. */
export function unknown(): Answer {
  return { status: 400 };
}

/** The part of an object that was asked for. */
export function ranged({ headers }: Asked, answer: Answer): Answer {
  const part = bytesInRange(headers.range, Buffer.from(answer.body ?? ''));
  return part === undefined || answer.status !== 200 ? answer : { ...answer, status: 206, body: part };
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
