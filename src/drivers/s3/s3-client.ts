import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainHttp, PlainRequest, PlainResponse } from '../../ports/http.ts';
import { bodyText, signedFailure, unreadable } from './error-mapping.ts';
import { createSigner, type Signer, type Unsigned } from './signer.ts';
import { bucketUrl, signingRegion, type S3Target } from './target.ts';
import { NO_DOCUMENT, parseXml, type XmlDocument } from './xml.ts';

/** A request of the S3 protocol to a bucket, or to an object of it. */
export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Absent for the bucket itself. */
  readonly key?: string;
  /** Decoded; a name without a value has an empty one. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** An answer with its headers; one without a body is an empty document without a name. */
export interface XmlAnswer extends XmlDocument {
  readonly headers: PlainResponse['headers'];
}

/**
 * The S3 protocol to one bucket with one credential: exactly the given requests, without another try, a redirect to
 * another region (W&B's pre-signed URLs follow none), or a correction of the clock. The SDK needs three times as
 * much CPU for a request.
 */
export interface S3Client {
  /** Signs and sends a request; any status but 2xx is a failure. */
  send(request: S3Request, signal: AbortSignal): BucketCall<PlainResponse>;
  /** The same where the answer is an XML document. */
  ask(request: S3Request, signal: AbortSignal): BucketCall<XmlAnswer>;
  /** A request that can be sent by plain HTTP without credentials. */
  presign(request: S3Request, expiresInSeconds: number): BucketCall<PlainRequest>;
  unsigned(request: S3Request): PlainRequest;
  /** Requests sent so far. */
  readonly sent: number;
}

const USER_AGENT = { 'user-agent': 'byob-operator/0.1' };

export function createS3Client(target: S3Target, http: PlainHttp): S3Client {
  const base = bucketUrl(target);
  const trust = target.caBundle === undefined ? {} : { caBundle: target.caBundle };
  let signer: Signer | undefined;
  let sent = 0;

  async function signIn(): BucketCall<Signer> {
    if (signer !== undefined) return ok(signer);
    const keys = await target.session.keys();
    if (!keys.ok) return keys;
    signer ??= createSigner(keys.value, signingRegion(target.storage));
    return ok(signer);
  }

  function unsignedOf({ key = '', query = {}, headers = {}, ...request }: S3Request): Unsigned {
    return { ...request, url: new URL(base.href + pathOf(key)), query, headers };
  }

  async function send(request: S3Request, signal: AbortSignal): BucketCall<PlainResponse> {
    const signedIn = await signIn();
    if (!signedIn.ok) return signedIn;
    const unsigned = unsignedOf(request);
    // A URL has no parts "." and "..": a listed key with them would name another object.
    if (!unsigned.url.pathname.endsWith(pathOf(request.key))) return err({ kind: 'RequestRefused' });
    const headers = { ...(await signedIn.value.sign(unsigned)), ...USER_AGENT };
    sent += 1;
    const answer = await http.send({ ...plain(unsigned), headers, ...trust }, signal);
    if (!answer.ok) return answer;
    const { status } = answer.value;
    if (status < 200 || status >= 300) return err(signedFailure(answer.value));
    return isErrorInside(request, answer.value) ? err(signedFailure({ ...answer.value, status: 503 })) : answer;
  }

  async function ask(request: S3Request, signal: AbortSignal): BucketCall<XmlAnswer> {
    const answer = await send(request, signal);
    if (!answer.ok) return answer;
    const { status, headers } = answer.value;
    const text = bodyText(answer.value);
    const document = text === '' ? NO_DOCUMENT : parseXml(text);
    return document === undefined ? err(unreadable(status)) : ok({ ...document, headers });
  }

  return {
    send,
    ask,
    async presign(request, expiresInSeconds) {
      const signedIn = await signIn();
      if (!signedIn.ok) return signedIn;
      const unsigned = unsignedOf(request);
      const query = await signedIn.value.presign(unsigned, expiresInSeconds);
      return ok({ ...plain({ ...unsigned, query }), ...trust });
    },
    unsigned: (request) => ({ ...plain(unsignedOf(request)), ...trust }),
    get sent() {
      return sent;
    },
  };
}

/** S3 may begin its answer before it knows how the request ends. The content of an object may be anything. */
function isErrorInside({ method, key }: S3Request, answer: PlainResponse): boolean {
  return (method !== 'GET' || key === undefined) && bodyText(answer).trimEnd().endsWith('</Error>');
}

function plain({ method, url, query, headers, body }: Unsigned): PlainRequest {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return {
    method,
    url: pairs.length === 0 ? url.href : `${url.href}?${pairs.join('&')}`,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== undefined && { body }),
  };
}

function pathOf(key = ''): string {
  return key.split('/').map(encode).join('/');
}

/** As the signature encodes: RFC 3986, stricter than encodeURIComponent. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
