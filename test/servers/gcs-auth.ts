import { createHash, verify, type KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { err, ok, type Result } from '../../src/base/result.ts';
import { expired, invalidCredentials, malformed, signatureMismatch, skewed, type Refusal } from './gcs-answers.ts';

type Accounts = ReadonlyMap<string, KeyObject>;

const AUDIENCE = 'https://storage.googleapis.com/';
const SCOPES = ['devstorage.read_write', 'devstorage.full_control', 'cloud-platform'].map(
  (name) => `https://www.googleapis.com/auth/${name}`,
);
const MAX_TOKEN_SECONDS = 3600;
const MAX_URL_SECONDS = 604_800;
const MAX_SKEW_SECONDS = 900;

/** The account that signed a bearer token for itself; anything else is refused alike. */
export function bearerAccount(accounts: Accounts, authorization: string, now: number): Result<string, Refusal> {
  const [scheme, token = ''] = authorization.split(' ');
  const [header = '', claims = '', signature = ''] = token.split('.');
  const said = decoded(claims);
  const email = String(said.iss);
  const key = accounts.get(email);
  const isOwn =
    scheme === 'Bearer' &&
    decoded(header).alg === 'RS256' &&
    said.sub === email &&
    key !== undefined &&
    verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'));
  return isOwn && isTimely(said, now / 1000) && isForUs(said) ? ok(email) : err(invalidCredentials());
}

interface Claims {
  readonly alg?: string;
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string;
  readonly scope?: string;
  readonly iat?: number;
  readonly exp?: number;
}

function isTimely({ iat = Infinity, exp = 0 }: Claims, seconds: number): boolean {
  return iat <= seconds + MAX_SKEW_SECONDS && exp > seconds && exp - iat <= MAX_TOKEN_SECONDS;
}

function isForUs({ aud, scope = '' }: Claims): boolean {
  return aud === AUDIENCE || scope.split(' ').some((one) => SCOPES.includes(one));
}

function decoded(part: string): Claims {
  try {
    return (JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) ?? {}) as Claims;
  } catch {
    return {};
  }
}

/** A request as it came in, unchanged: signatures are over its very bytes. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
}

/** Whether a query claims to be that of a V4 signed URL. */
export function isSigned(query: string): boolean {
  return new URLSearchParams(query).has('X-Goog-Signature');
}

/** The account that signed a URL with V4 (GOOG4-RSA-SHA256), if the signature is its own and not over. */
export function signedUrlAccount(accounts: Accounts, request: SignedRequest, now: number): Result<string, Refusal> {
  const query = new URLSearchParams(request.query);
  const at = (name: string): string => query.get(`X-Goog-${name}`) ?? '';
  const flaw = flawOf(at);
  if (flaw !== undefined) return err(malformed(flaw));
  const [email = '', ...scope] = at('Credential').split('/');
  const digest = sha256(canonicalRequest(request, at('SignedHeaders')));
  const text = ['GOOG4-RSA-SHA256', at('Date'), scope.join('/'), digest].join('\n');
  const key = accounts.get(email);
  const isOwn = key !== undefined && verify('sha256', Buffer.from(text), key, Buffer.from(at('Signature'), 'hex'));
  return isOwn ? inTime(email, at, now) : err(signatureMismatch(text));
}

type QueryOf = (name: string) => string;

/** Name of the parameter that no V4 signature may have like this. */
function flawOf(at: QueryOf): string | undefined {
  const [, date = '-', , service, end] = at('Credential').split('/');
  const seconds = Number(at('Expires'));
  if (at('Algorithm') !== 'GOOG4-RSA-SHA256') return 'X-Goog-Algorithm';
  if (!at('Date').startsWith(date) || Number.isNaN(timeOf(at('Date')))) return 'X-Goog-Date';
  if (service !== 'storage' || end !== 'goog4_request') return 'X-Goog-Credential';
  return seconds >= 1 && seconds <= MAX_URL_SECONDS ? undefined : 'X-Goog-Expires';
}

function inTime(email: string, at: QueryOf, now: number): Result<string, Refusal> {
  const begin = timeOf(at('Date'));
  const end = begin + Number(at('Expires')) * 1000;
  if (begin > now + MAX_SKEW_SECONDS * 1000) return err(skewed());
  return end < now ? err(expired(new Date(end))) : ok(email);
}

function canonicalRequest({ method, path, query, headers }: SignedRequest, signedHeaders: string): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Goog-Signature='))
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort();
  const names = signedHeaders.split(';');
  const lines = names.map((name) => `${name}:${valueOf(headers, name).trim().replace(/\s+/g, ' ')}\n`);
  const payload = names.includes('x-goog-content-sha256')
    ? valueOf(headers, 'x-goog-content-sha256')
    : 'UNSIGNED-PAYLOAD';
  return [method, path, pairs.join('&'), lines.join(''), signedHeaders, payload].join('\n');
}

/** GCS is always at the standard port; its SDK signs the host without one wherever it is. */
function valueOf(headers: IncomingHttpHeaders, name: string): string {
  const value = String(headers[name] ?? '');
  return name === 'host' ? value.replace(/:\d+$/, '') : value;
}

/** `20261125T034500Z` */
function timeOf(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
