import type { HttpHeaders, IHttpClient, WebResource } from '@azure/storage-blob';
import { Readable } from 'node:stream';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainHttp } from '../../ports/http.ts';

/** The error that passes our failure through the SDK when no Blob service answered. */
export interface NoAnswer extends Error {
  readonly failure: BucketFailure;
}

/** undici sets these itself, except the user agent, which is dropped: it names SDK and runtime. */
const NOT_OURS: ReadonlySet<string> = new Set(['host', 'content-length', 'expect', 'connection', 'user-agent']);

/**
 * Sends the requests of the Azure SDK through our guarded connector: the SDK signs,
 * we connect. Bodies are limited and read completely, so that an endless answer
 * cannot hold a probe, and a success that no Blob service sent is a failure: the SDK
 * would accept any page. `bearer` returns the Authorization header of an identity,
 * which the SDK does not know.
 */
export function createGuardedClient(http: PlainHttp, bearer?: () => BucketCall<string>): IHttpClient {
  return {
    async sendRequest(request) {
      const body = request.body as Uint8Array | string | undefined;
      const { abortSignal } = request;
      const sent = await http.send(
        {
          method: request.method,
          url: request.url,
          headers: { ...headersOf(request), ...(await authorizationOf(bearer)) },
          ...(body !== undefined && { body: typeof body === 'string' ? Buffer.from(body) : body }),
        },
        abortSignal instanceof AbortSignal ? abortSignal : new AbortController().signal,
      );
      if (!sent.ok) throw noAnswer(sent.error);
      const { status, headers: received, body: bytes } = sent.value;
      if (status < 300 && received['x-ms-request-id'] === undefined && !isDelegationKey(bytes)) {
        throw noAnswer({ kind: 'NotAnObjectStore', httpStatus: status });
      }
      const headers = headersLike(request.headers, received);
      return request.streamResponseStatusCodes?.has(status) === true
        ? { request, status, headers, readableStreamBody: Readable.from([bytes]) }
        : { request, status, headers, bodyAsText: Buffer.from(bytes).toString('utf8') };
    },
  };
}

/** Azurite returns user delegation keys without a request id; they are recognised by their document. */
function isDelegationKey(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes('<UserDelegationKey>');
}

async function authorizationOf(bearer: (() => BucketCall<string>) | undefined): Promise<Record<string, string>> {
  if (bearer === undefined) return {};
  const authorization = await bearer();
  if (!authorization.ok) throw noAnswer(authorization.error);
  return { authorization: authorization.value };
}

function noAnswer(failure: BucketFailure): NoAnswer {
  return Object.assign(new Error('the request got no answer'), { failure });
}

function headersOf(request: WebResource): Record<string, string> {
  const sent = request.headers.headersArray().filter(({ name }) => !NOT_OURS.has(name.toLowerCase()));
  return { ...Object.fromEntries(sent.map(({ name, value }) => [name, value])), 'user-agent': 'byob-operator/0.1' };
}

/** The SDK exports the type of its headers but no class, so a clone of the request's headers is reused. */
function headersLike(like: HttpHeaders, received: Readonly<Record<string, string>>): HttpHeaders {
  const headers = like.clone();
  for (const name of headers.headerNames()) headers.remove(name);
  for (const [name, value] of Object.entries(received)) headers.set(name, value);
  return headers;
}
