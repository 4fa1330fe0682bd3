import { defined } from '../../base/defined.ts';
import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { kindsByCode } from '../../domain/observations/error-codes.ts';
import { isTransientStatus, kindByStatus } from '../../domain/observations/http-status.ts';
import type { PlainResponse } from '../../ports/http.ts';
import { S3_CODES, S3_MESSAGES } from './error-codes.ts';
import { NO_DOCUMENT, parseXml, textOf } from './xml.ts';

const KINDS = kindsByCode(S3_CODES);

/** Codes for whatever is wrong with a signature's form; some of it is the region. */
const MALFORMED: readonly string[] = ['AuthorizationHeaderMalformed', 'AuthorizationQueryParametersError'];

function malformedKind(message: string, region: string | undefined): BucketFailureKind {
  if (region !== undefined || /\b(region|scope)\b/.test(message)) return 'WrongRegion';
  // The scope of a signature begins with the id of the key: a slash in it breaks the form.
  return /access key|credential is mal-?formed/i.test(message) ? 'AccessKeyUnknown' : 'RequestRefused';
}

/** An error answer of S3. */
export interface S3Answer {
  readonly httpStatus: number;
  readonly code?: string;
  readonly message?: string;
  readonly region?: string;
  /** Where a redirect leads: host and port, or an origin. */
  readonly endpoint?: string;
  readonly requestId?: string;
}

/**
 * Classifies an answer with an error status. The text of the message is only
 * matched, never passed on. Codes and ids that are passed on go to the status, so
 * their form is checked: the answer may come from another server.
 */
export function answerFailure(answer: S3Answer): BucketFailure {
  const code = ifOf(/^[A-Za-z][\w.:]{0,63}$/, answer.code);
  const region = ifOf(REGION, answer.region);
  const requestId = ifOf(/^[\w+/=.:-]{1,128}$/, answer.requestId);
  const endpoint = endpointIn(answer.endpoint);
  return {
    kind: kindOf(answer),
    httpStatus: answer.httpStatus,
    ...(code !== undefined && { providerCode: code }),
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** The origin that a redirect names, without path and query. */
function endpointIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(HOST.test(text) ? `https://${text}` : text);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.host !== '' ? url.origin : undefined;
}

/** Where the headers of a redirect lead. */
function redirectIn(headers: Readonly<Record<string, string>> | undefined): { readonly endpoint?: string } {
  const endpoint = endpointIn(headers?.['location']);
  return endpoint === undefined ? {} : { endpoint };
}

/** Stores other than AWS choose their own names: RegionOne, NL. */
export const REGION = /^[A-Za-z0-9_-]{1,63}$/;
/** Host and port, as `<Endpoint>` names them. */
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?::[0-9]{1,5})?$/;

function ifOf(form: RegExp, text: string | undefined): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined;
}

function kindOf({ httpStatus, code, message = '', region }: S3Answer): BucketFailureKind {
  const byMessage = S3_MESSAGES.find(([of, pattern]) => code === of && pattern.test(message));
  if (byMessage !== undefined) return byMessage[2];
  if (code !== undefined && MALFORMED.includes(code)) return malformedKind(message, region);
  const known = code === undefined ? undefined : KINDS.get(code);
  if (known !== undefined) return known;
  if (httpStatus >= 400) return kindByStatus(httpStatus);
  // A redirect of S3 names the region of the bucket; any other leads to a login page, say.
  return region === undefined ? 'NotAnObjectStore' : 'WrongRegion';
}

/** Classifies an error answer to a request that we signed: a store's own, with an error document or without a body. */
export function signedFailure(response: PlainResponse): BucketFailure {
  const { status: httpStatus, headers } = response;
  const text = bodyText(response);
  const document = text === '' ? NO_DOCUMENT : parseXml(text);
  const idInHeaders = headers['x-amz-request-id'] ?? headers['x-amzn-requestid'];
  // Anything else comes from a proxy or from another web server, and so does a page that happens to be XML.
  if (document === undefined || (document.rootName === 'html' && idInHeaders === undefined)) {
    return { ...unreadable(httpStatus), ...redirectIn(headers) };
  }
  const { root } = document;
  const field = (name: string): string | undefined => textOf(root, 'Error', name) ?? textOf(root, name);
  const region = [field('Region'), headers['x-amz-bucket-region']].find((one) => one !== undefined && REGION.test(one));
  const requestId = idInHeaders ?? field('RequestId');
  // HEAD has no document.
  const code = field('Code') ?? (httpStatus === 404 ? 'NotFound' : undefined);
  return answerFailure({
    httpStatus,
    ...redirectIn(headers),
    ...defined({ code, message: field('Message') ?? field('message'), region, requestId }),
    ...defined({ endpoint: field('Endpoint') }),
  });
}

/**
 * Classifies an error answer to a request that W&B's clients send, too: without a document it is read by its status,
 * as they do, unless it is a web page.
 */
export function plainFailure(response: PlainResponse): BucketFailure {
  const document = parseErrorDocument(bodyText(response));
  const isHtml = (response.headers['content-type'] ?? '').includes('html');
  if (document === undefined && (isHtml || response.status < 400)) {
    return { ...unreadable(response.status), ...redirectIn(response.headers) };
  }
  const requestId = response.headers['x-amz-request-id'];
  const region = response.headers['x-amz-bucket-region'];
  return answerFailure({
    httpStatus: response.status,
    ...redirectIn(response.headers),
    ...document,
    ...(document?.region === undefined && region !== undefined && { region }),
    ...(requestId !== undefined && { requestId }),
  });
}

export function bodyText({ body }: PlainResponse): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}

/** The failure of an answer that no store sent: the error of a load balancer, or another server. */
export function unreadable(httpStatus: number): BucketFailure {
  const kind = kindByStatus(httpStatus);
  return { kind: isTransientStatus(httpStatus) || kind === 'BodyTooLarge' ? kind : 'NotAnObjectStore', httpStatus };
}

/** Reads an S3 error document: only the elements that we know, and only in the form that they have. */
export function parseErrorDocument(
  body: string,
): Pick<S3Answer, 'code' | 'message' | 'region' | 'endpoint'> | undefined {
  const document = parseXml(body);
  if (document?.rootName !== 'Error') return undefined;
  const field = (name: string, form: RegExp): string | undefined => ifOf(form, textOf(document.root, name));
  const code = field('Code', /^[A-Za-z0-9_.:]{1,64}$/);
  if (code === undefined) return undefined;
  const message = field('Message', /^[^]{0,1024}$/);
  return { code, ...defined({ message, region: field('Region', REGION), endpoint: field('Endpoint', HOST) }) };
}
