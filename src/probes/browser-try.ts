import { announcedHeaders, hasMethod, isLetIn, isShown } from '../domain/observations/browser-rules.ts';
import {
  type BrowserMethod,
  type CrossOriginResponseSeen,
  type Observations,
  type Observed,
  type PreflightSeen,
} from '../domain/observations/observations.ts';
import { isTransientStatus } from '../domain/observations/http-status.ts';
import { err, ok } from '../base/result.ts';
import type { PlainResponse } from '../ports/http.ts';
import type { ProbeObject } from './object-cycle.ts';
import { sendPresigned, signUrl } from './send-presigned.ts';
import type { ProbeSession } from './session.ts';

/** Browsers send them without a preflight. */
const READS = ['GET', 'HEAD'] as const;

/**
 * The preflight of an upload, as a browser on the W&B front end sends it for a pre-signed URL. Those of reads only show
 * why something is refused: they are sent where the one for the upload is, or where an answer to a read itself is
 * hidden. Not sent without a known origin.
 */
export async function seePreflights(
  session: ProbeSession,
  object: ProbeObject,
  answered: Observations['crossOrigin'],
): Promise<Pick<Observations, 'preflight'>> {
  const { appOrigin: origin } = session;
  if (origin === undefined) return {};
  const PUT = await seePreflight(session, 'PUT', { object, origin });
  const isRead = READS.every((method) => isShown(answered?.[method], origin));
  if (!PUT.ok || (mayUpload(PUT.value, origin) && isRead)) return { preflight: { PUT } };
  const reads = await seeReadPreflights(session, { object, origin });
  return reads === undefined
    ? {}
    : { preflight: { ...reads, PUT: ok(await byHeaders(session, PUT.value, { object, origin, reads })) } };
}

type Preflights = Partial<Record<BrowserMethod, Observed<PreflightSeen>>>;

/** `undefined` where the probe ends: one of them alone would not show why. */
async function seeReadPreflights(session: ProbeSession, asking: Asking): Promise<Preflights | undefined> {
  const seen: Preflights = {};
  for (const method of READS) {
    if (session.ended()) return undefined;
    seen[method] = await seePreflight(session, method, asking);
  }
  return seen;
}

/**
 * Some stores refuse for headers as they do for methods, or name no method then: one preflight without headers separates
 * the two.
 */
async function byHeaders(
  session: ProbeSession,
  PUT: PreflightSeen,
  { reads, ...asking }: Asking & { readonly reads: Preflights },
): Promise<PreflightSeen> {
  const { origin } = asking;
  const isForUploads = !mayUpload(PUT, origin) && isAnyLetIn({ ...reads, PUT: ok(PUT) }, origin);
  if (!isForUploads || PUT.requestedHeaders.length === 0 || session.ended()) return PUT;
  const bare = await seePreflight(session, 'PUT', { ...asking, bare: true });
  return bare.ok && mayUpload(bare.value, origin) ? { ...PUT, letInWithoutHeaders: true } : PUT;
}

function mayUpload(seen: PreflightSeen, origin: string): boolean {
  return isLetIn(seen, origin) && hasMethod(seen, 'PUT');
}

function isAnyLetIn(preflight: NonNullable<Observations['preflight']>, origin: string): boolean {
  return Object.values(preflight).some((seen) => seen.ok && isLetIn(seen.value, origin));
}

/** A pre-signed request as a browser sends it: with the origin of the front end, where that is known. */
export function sendAsBrowser(
  session: ProbeSession,
  method: BrowserMethod,
  object: ProbeObject,
  extra: { readonly body?: Uint8Array; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Observed<PlainResponse>> {
  const { appOrigin: origin } = session;
  const headers = { ...extra.headers, ...(origin !== undefined && { origin }) };
  return sendPresigned(session, method, object, { ...extra, headers });
}

/** The parts of the answers that matter to a browser. Empty without a known origin. */
export function crossOriginOf(
  session: ProbeSession,
  answers: Readonly<Partial<Record<BrowserMethod, Observed<PlainResponse>>>>,
): Pick<Observations, 'crossOrigin'> {
  if (session.appOrigin === undefined) return {};
  const seen = Object.entries(answers).map(([method, answer]) => [method, seeResponse(session, answer)]);
  return { crossOrigin: Object.fromEntries(seen) as Observations['crossOrigin'] & object };
}

interface Asking {
  readonly object: ProbeObject;
  readonly origin: string;
  /** Without the headers that a browser would announce. */
  readonly bare?: true;
}

async function seePreflight(
  session: ProbeSession,
  method: BrowserMethod,
  { object, origin, bare }: Asking,
): Promise<Observed<PreflightSeen>> {
  const signed = await signUrl(session, method, object);
  if (!signed.ok) return signed;
  const { headers: demanded = {}, ...target } = signed.value;
  const requestedHeaders = bare === true ? [] : announcedHeaders(session.provider, method, Object.keys(demanded));
  const headers = {
    origin,
    'access-control-request-method': method,
    ...(requestedHeaders.length > 0 && { 'access-control-request-headers': requestedHeaders.join(',') }),
  };
  const answer = await session.send({ ...target, method: 'OPTIONS', headers });
  return answer.ok ? ok({ ...preflightOf(session, answer.value), requestedHeaders }) : err(answer.error);
}

function preflightOf(session: ProbeSession, response: PlainResponse): Omit<PreflightSeen, 'requestedHeaders'> {
  const { headers, status } = response;
  const refusal = status >= 300 ? session.bucket.explain(response) : undefined;
  return {
    httpStatus: status,
    allowMethods: listOf(headers['access-control-allow-methods']),
    allowHeaders: listOf(headers['access-control-allow-headers']).map((name) => name.toLowerCase()),
    ...allowOriginOf(response),
    ...(refusal !== undefined && { refusedAs: refusal.kind }),
    ...(refusal?.providerCode !== undefined && { providerCode: refusal.providerCode }),
  };
}

/** A transient fault is often answered by a proxy before the store, so its headers are not evaluated. */
function seeResponse(session: ProbeSession, get: Observed<PlainResponse>): Observed<CrossOriginResponseSeen> {
  if (!get.ok) return get;
  return isTransientStatus(get.value.status) ? err(session.bucket.explain(get.value)) : ok(responseOf(get.value));
}

function responseOf(response: PlainResponse): CrossOriginResponseSeen {
  const exposed = listOf(response.headers['access-control-expose-headers']);
  return { exposeHeaders: exposed.map((name) => name.toLowerCase()), ...allowOriginOf(response) };
}

function allowOriginOf(response: PlainResponse): { readonly allowOrigin?: string } {
  const allowOrigin = response.headers['access-control-allow-origin'];
  return allowOrigin === undefined ? {} : { allowOrigin };
}

/** Names in a header. If one of them is no name, browsers take none of the header. */
function listOf(header: string | undefined): readonly string[] {
  const items = (header ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.every((item) => TOKEN.test(item)) ? items : [];
}

/** A token of RFC 9110. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
