import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { asJsonObject, own } from '../../domain/spec/json.ts';

/** Entra's numbers (`AADSTS700213`). */
const KINDS: Readonly<Record<number, BucketFailureKind>> = {
  70021: 'FederatedCredentialMissing',
  700211: 'FederatedCredentialMissing', // no match for the issuer
  700212: 'FederatedCredentialMissing', // no match for the audience
  700213: 'FederatedCredentialMissing', // no match for the subject
  700016: 'IdentityNotFound', // no such client in the tenant
  90002: 'IdentityNotFound', // no such tenant
  900023: 'IdentityNotFound', // neither a tenant's id nor its domain
  50196: 'IdentityServiceUnavailable', // too many requests
  90033: 'IdentityServiceUnavailable',
};

/** A refusal by Entra: `{"error": "invalid_client", "error_codes": [700213], ...}`. */
export function entraFailure(httpStatus: number, body: string): BucketFailure {
  const codes = own(asJsonObject(parsed(body)), 'error_codes');
  const code: unknown = Array.isArray(codes) ? codes[0] : undefined;
  if (typeof code !== 'number' || !Number.isInteger(code)) {
    // The answer of a proxy or a load balancer.
    return { kind: 'IdentityServiceUnavailable', httpStatus };
  }
  const passes = httpStatus >= 500 || httpStatus === 429;
  const kind = KINDS[code] ?? (passes ? 'IdentityServiceUnavailable' : 'IdentityRefused');
  return { kind, httpStatus, providerCode: `AADSTS${String(code)}` };
}

/** The parsed JSON, or `undefined`. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
