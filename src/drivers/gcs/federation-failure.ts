import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { asJsonObject, own, text } from '../../domain/spec/json.ts';
import { parsed } from './error-mapping.ts';

/** Google's identity services gave no usable answer: not a failure of the store. */
export function unavailable(httpStatus?: number, providerCode?: string): BucketFailure {
  return {
    kind: 'IdentityServiceUnavailable',
    ...(httpStatus !== undefined && { httpStatus }),
    ...(providerCode !== undefined && { providerCode }),
  };
}

/** Kinds of the OAuth error codes of the Security Token Service. */
const STS_KINDS: Readonly<Record<string, BucketFailureKind>> = {
  invalid_grant: 'IdentityPoolMisconfigured', // issuer, audience, signature or mapping
  invalid_target: 'IdentityPoolMisconfigured', // no such provider, or a disabled one
  invalid_request: 'IdentityPoolMisconfigured', // an audience that names no provider
  unauthorized_client: 'IdentityPoolMisconfigured', // the attribute condition
};

/** A refusal by the Security Token Service: `{"error": "invalid_grant", ...}`. */
export function stsFailure(httpStatus: number, body: string): BucketFailure {
  const error = own(asJsonObject(parsed(body)), 'error');
  const code = typeof error === 'string' ? ifCode(error) : statusIn(body);
  const known = code !== undefined && Object.hasOwn(STS_KINDS, code) ? STS_KINDS[code] : undefined;
  return failure(known ?? otherKind(httpStatus, code), httpStatus, code);
}

/** A refusal by IAM: `{"error": {"code": 403, "status": "PERMISSION_DENIED", ...}}`. */
export function iamFailure(denied: BucketFailureKind): (httpStatus: number, body: string) => BucketFailure {
  return (httpStatus, body) => {
    const code = statusIn(body);
    // A missing account and one that does not trust the identity are refused with either code.
    const isDenied = code === 'PERMISSION_DENIED' || code === 'NOT_FOUND';
    return failure(isDenied ? denied : otherKind(httpStatus, code), httpStatus, code);
  };
}

/** Without a code the answer is that of a proxy or a load balancer. */
function otherKind(httpStatus: number, code: string | undefined): BucketFailureKind {
  const passes = httpStatus >= 500 || httpStatus === 429 || code === undefined;
  return passes ? 'IdentityServiceUnavailable' : 'IdentityRefused';
}

function failure(kind: BucketFailureKind, httpStatus: number, code: string | undefined): BucketFailure {
  return { kind, httpStatus, ...(code !== undefined && { providerCode: code }) };
}

function statusIn(body: string): string | undefined {
  return ifCode(text(asJsonObject(own(asJsonObject(parsed(body)), 'error')), 'status') ?? '');
}

function ifCode(value: string): string | undefined {
  return /^[A-Za-z_]{1,64}$/.test(value) ? value : undefined;
}
