import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { kindsByCode } from '../../domain/observations/error-codes.ts';
import { asJsonObject, own, text, type JsonObject } from '../../domain/spec/json.ts';
import { GOOGLE_IAM_CODES, GOOGLE_STS_CODES, IAM_DENIED_CODES } from './error-codes.ts';
import { isAboutNetworks, parsed } from './error-mapping.ts';

/** Google's identity services gave no usable answer: not a failure of the store. */
export function unavailable(httpStatus?: number, providerCode?: string): BucketFailure {
  return {
    kind: 'IdentityServiceUnavailable',
    ...(httpStatus !== undefined && { httpStatus }),
    ...(providerCode !== undefined && { providerCode }),
  };
}

const STS_KINDS = kindsByCode(GOOGLE_STS_CODES);
const IAM_KINDS = kindsByCode(GOOGLE_IAM_CODES);

/** A refusal by the Security Token Service: `{"error": "invalid_grant", ...}`, or as IAM gives it. */
export function stsFailure(httpStatus: number, body: string): BucketFailure {
  const error = own(asJsonObject(parsed(body)), 'error');
  if (typeof error !== 'string') return googleFailure(httpStatus, body, undefined);
  const code = ifCode(error);
  const known = code === undefined ? undefined : STS_KINDS.get(code);
  return failure(known ?? otherKind(httpStatus, code), httpStatus, code);
}

/** A refusal by IAM: `{"error": {"code": 403, "status": "PERMISSION_DENIED", ...}}`. */
export function iamFailure(denied: BucketFailureKind): (httpStatus: number, body: string) => BucketFailure {
  return (httpStatus, body) => googleFailure(httpStatus, body, denied);
}

/** `denied`: what a refusal means that IAM itself gives; `undefined` where there is nothing to be granted. */
function googleFailure(httpStatus: number, body: string, denied: BucketFailureKind | undefined): BucketFailure {
  const error = asJsonObject(own(asJsonObject(parsed(body)), 'error'));
  const status = ifCode(text(error, 'status') ?? '');
  const reason = reasonIn(error);
  const code = reason ?? status;
  const known = code === undefined ? undefined : IAM_KINDS.get(code);
  if (known !== undefined) return failure(known, httpStatus, code);
  const isDenied = status !== undefined && IAM_DENIED_CODES.includes(status);
  const isGrant = reason === undefined || reason === 'IAM_PERMISSION_DENIED';
  if (isDenied && isGrant && denied !== undefined) return failure(denied, httpStatus, status);
  return failure(otherKind(httpStatus, status), httpStatus, isGrant ? status : reason);
}

/** The reason of a refusal: Google's ErrorInfo, and where older answers have none, what their sentence says. */
function reasonIn(error: JsonObject | undefined): string | undefined {
  const details = own(error, 'details');
  const reasons = Array.isArray(details) ? details.map((one) => text(asJsonObject(one), 'reason')) : [];
  const known = reasons.find((reason) => reason !== undefined);
  if (known !== undefined) return ifCode(known);
  const message = text(error, 'message') ?? '';
  if (/has not been used in project|API .{0,80}is disabled/i.test(message)) return 'SERVICE_DISABLED';
  return isAboutNetworks(message) ? 'SECURITY_POLICY_VIOLATED' : undefined;
}

/** Without a code the answer is that of a proxy or a load balancer. */
function otherKind(httpStatus: number, code: string | undefined): BucketFailureKind {
  const passes = httpStatus >= 500 || httpStatus === 429 || code === undefined;
  return passes ? 'IdentityServiceUnavailable' : 'IdentityRefused';
}

function failure(kind: BucketFailureKind, httpStatus: number, code: string | undefined): BucketFailure {
  return { kind, httpStatus, ...(code !== undefined && { providerCode: code }) };
}

function ifCode(value: string): string | undefined {
  return /^[A-Za-z_]{1,64}$/.test(value) ? value : undefined;
}
