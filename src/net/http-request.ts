import type { Dispatcher } from 'undici';
import type { PlainResponse } from '../ports/http.ts';
import { TOO_LARGE } from './socket-failure.ts';

/** Bodies of probes are small; a longer one is not an answer to a probe. */
export const MAX_BODY_BYTES = 64 * 1024;

export interface RequestOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string | null;
  readonly signal?: AbortSignal;
}

/**
 * One request and its answer, read completely up to the limit. Redirects are
 * answers, and nothing is decompressed. Ends with the signal: undici alone would
 * first wait until the request has its connection.
 */
export async function sendRequest(
  dispatcher: Dispatcher,
  options: RequestOptions,
): Promise<Omit<PlainResponse, 'route'>> {
  const { signal } = options;
  const running = run(dispatcher, options);
  if (signal === undefined) return running;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new DOMException('the caller gave up', 'AbortError'));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([aborted.promise, running]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function run(
  dispatcher: Dispatcher,
  { signal, ...options }: RequestOptions,
): Promise<Omit<PlainResponse, 'route'>> {
  const response = await dispatcher.request({ ...options, ...(signal !== undefined && { signal }) });
  const body = await readCapped(response.body);
  return { status: response.statusCode, headers: flat(response.headers), body };
}

/** Reads a body up to the limit; the connection is closed when there is more. */
async function readCapped(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw Object.assign(new Error('the answer is too large'), { code: TOO_LARGE });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
