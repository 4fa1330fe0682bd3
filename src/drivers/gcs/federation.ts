import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { err, ok } from '../../base/result.ts';
import type { GcpWorkloadIdentity } from '../../domain/credentials/sign-in.ts';
import { asJsonObject, own, text, type JsonObject } from '../../domain/spec/json.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainHttp } from '../../ports/http.ts';
import { textOf } from './answers.ts';
import { parsed } from './error-mapping.ts';
import { iamFailure, stsFailure, unavailable } from './federation-failure.ts';

/** Required by IAM; the permissions are limited by the grants of the identity. */
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const LIFETIME_SECONDS = 900;
const CALL_DEADLINE_MS = 10_000;

/** A token and when it expires, RFC 3339. */
export interface GcpToken {
  readonly value: string;
  readonly endsAt: string;
}

/** The documented exchanges of workload identity federation: a token for a token, an impersonation, a signature. */
export interface Federation {
  /** Token of the federated identity, or of the service account that it impersonates. */
  token(): BucketCall<GcpToken>;
  /** The signature of bytes by the service account, in base64. */
  signBlob(wanted: BlobWanted): BucketCall<string>;
}

/** Bytes, whose service account signs them, and whose token asks it to. */
interface BlobWanted {
  readonly account: string;
  readonly bearer: string;
  readonly bytes: Buffer;
  readonly signal: AbortSignal;
}

export function createFederation(
  { audience, impersonate, workload }: GcpWorkloadIdentity,
  deps: { readonly http: PlainHttp; readonly stsUrl: string; readonly iamUrl: string },
): Federation {
  async function exchange(): BucketCall<GcpToken> {
    const token = await workload.token();
    if (!token.ok) return token;
    const body = {
      grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
      subjectToken: token.value.reveal(),
      audience,
      scope: SCOPE,
    };
    const answer = await post(deps.http, { url: `${deps.stsUrl}/v1/token`, body }, stsFailure);
    if (!answer.ok) return answer;
    const value = text(answer.value, 'access_token');
    const seconds = own(answer.value, 'expires_in');
    if (value === undefined || !isToken(value) || typeof seconds !== 'number') return err(unavailable(200));
    return ok({ value, endsAt: new Date(Date.now() + seconds * 1000).toISOString() });
  }

  async function impersonated(account: string, bearer: string): BucketCall<GcpToken> {
    const fail = iamFailure('ImpersonationDenied');
    const body = { scope: [SCOPE], lifetime: `${LIFETIME_SECONDS}s` };
    const answer = await post(deps.http, { url: accountUrl(account, 'generateAccessToken'), body, bearer }, fail);
    if (!answer.ok) return answer;
    const value = text(answer.value, 'accessToken');
    const ends = Date.parse(text(answer.value, 'expireTime') ?? '');
    if (value === undefined || !isToken(value) || Number.isNaN(ends)) return err(unavailable(200));
    return ok({ value, endsAt: new Date(ends).toISOString() });
  }

  function accountUrl(account: string, method: string): string {
    return `${deps.iamUrl}/v1/projects/-/serviceAccounts/${encodeURIComponent(account)}:${method}`;
  }

  return {
    async token() {
      const federated = await exchange();
      return federated.ok && impersonate !== undefined ? impersonated(impersonate, federated.value.value) : federated;
    },
    async signBlob({ account, bearer, bytes, signal }) {
      const fail = iamFailure('UrlSigningDenied');
      const body = { payload: bytes.toString('base64') };
      const answer = await post(deps.http, { url: accountUrl(account, 'signBlob'), body, bearer, signal }, fail);
      if (!answer.ok) return answer;
      const signature = text(answer.value, 'signedBlob');
      return signature === undefined ? err(unavailable(200)) : ok(signature);
    },
  };
}

interface Posted {
  readonly url: string;
  readonly body: unknown;
  readonly bearer?: string;
  /** Ends it early; tokens are for more than one call, so none of these ends the exchange that gives one. */
  readonly signal?: AbortSignal;
}

/** One exchange of JSON documents. */
async function post(
  http: PlainHttp,
  { url, body, bearer, signal }: Posted,
  fail: (httpStatus: number, body: string) => BucketFailure,
): BucketCall<JsonObject> {
  const headers = {
    'content-type': 'application/json',
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  const request = { method: 'POST', url, headers, body: Buffer.from(JSON.stringify(body)) };
  const late = AbortSignal.timeout(CALL_DEADLINE_MS);
  const sent = await http.send(request, signal === undefined ? late : AbortSignal.any([late, signal]));
  if (!sent.ok) return err(unavailable(sent.error.httpStatus, sent.error.providerCode));
  const answered = textOf(sent.value);
  if (sent.value.status !== 200) return err(fail(sent.value.status, answered));
  const document = asJsonObject(parsed(answered));
  return document === undefined ? err(unavailable(200)) : ok(document);
}

/** Checked because it goes into a header. */
function isToken(value: string): boolean {
  return /^[\x21-\x7e]{1,16384}$/.test(value);
}
