import { HttpResponse, type HttpHandler, type HttpRequest } from '@smithy/protocol-http';
import type { HttpHandlerOptions } from '@smithy/types';
import { Readable } from 'node:stream';
import { exchange } from '../../net/exchange.ts';
import type { Net } from '../../net/net.ts';

/**
 * Lets the AWS SDK speak through our guarded connector: the SDK signs, we dial.
 * Bodies are capped and read whole, so that a probe cannot be fed for ever.
 */
export function createUndiciHandler(net: Net, caBundle: string | undefined, onRequest: () => void): HttpHandler {
  return {
    async handle(request: HttpRequest, options: HttpHandlerOptions = {}) {
      onRequest();
      const port = request.port === undefined ? '' : `:${String(request.port)}`;
      const answer = await exchange(net.dispatcher(caBundle), {
        origin: `${request.protocol}//${request.hostname}${port}`,
        path: pathOf(request),
        method: request.method,
        headers: withoutHost(request.headers),
        body: (request.body as Uint8Array | string | undefined) ?? null,
        ...(options.abortSignal instanceof AbortSignal && { signal: options.abortSignal }),
      });
      const { status: statusCode, headers, body } = answer;
      return { response: new HttpResponse({ statusCode, headers: { ...headers }, body: Readable.from([body]) }) };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

function pathOf(request: HttpRequest): string {
  const query = Object.entries(request.query).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => (one === null ? encode(name) : `${encode(name)}=${encode(one)}`));
  });
  return query.length === 0 ? request.path : `${request.path}?${query.join('&')}`;
}

/** As the signature was computed: RFC 3986, stricter than encodeURIComponent. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** undici sets Host and Content-Length itself, and refuses to be told twice. */
function withoutHost(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['host', 'content-length', 'expect'].includes(name.toLowerCase())),
  );
}
