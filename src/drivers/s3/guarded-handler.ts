import { HttpResponse, type HttpHandler, type HttpRequest } from '@smithy/protocol-http';
import type { HttpHandlerOptions } from '@smithy/types';
import { Readable } from 'node:stream';
import type { PlainHttp } from '../../ports/http.ts';

/**
 * Sends the requests of the AWS SDK through our guarded connector: the SDK signs, we
 * connect. Bodies are limited and read completely, so that an endless answer cannot
 * hold a probe.
 */
export function createGuardedHandler(http: PlainHttp): HttpHandler {
  return {
    async handle(request: HttpRequest, { abortSignal }: HttpHandlerOptions = {}) {
      const body = request.body as Uint8Array | string | undefined;
      const sent = await http.send(
        {
          method: request.method,
          url: urlOf(request),
          headers: withoutHost(request.headers),
          ...(body !== undefined && { body: typeof body === 'string' ? Buffer.from(body) : body }),
        },
        abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal,
      );
      if (!sent.ok) throw Object.assign(new Error('the request got no answer'), { failure: sent.error });
      const { status, headers } = sent.value;
      const answer = { statusCode: status, headers: { ...headers }, body: Readable.from([sent.value.body]) };
      return { response: new HttpResponse(answer) };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

/** Requests of STS have no query. */
function urlOf({ protocol, hostname, port, path }: HttpRequest): string {
  return `${protocol}//${hostname}${port === undefined ? '' : `:${String(port)}`}${path}`;
}

/** undici sets Host and Content-Length itself, and refuses a second value. */
function withoutHost(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['host', 'content-length', 'expect'].includes(name.toLowerCase())),
  );
}
