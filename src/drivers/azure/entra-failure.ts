import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { kindsByCode } from '../../domain/observations/error-codes.ts';
import { asJsonObject, own } from '../../domain/spec/json.ts';
import { ENTRA_CODES } from './error-codes.ts';

const KINDS = kindsByCode(ENTRA_CODES);

/** A refusal by Entra: `{"error": "invalid_client", "error_codes": [700213], ...}`. */
export function entraFailure(httpStatus: number, body: string): BucketFailure {
  const codes = own(asJsonObject(parsed(body)), 'error_codes');
  const code: unknown = Array.isArray(codes) ? codes[0] : undefined;
  if (typeof code !== 'number' || !Number.isInteger(code)) {
    // The answer of a proxy or a load balancer.
    return { kind: 'IdentityServiceUnavailable', httpStatus };
  }
  const passes = httpStatus >= 500 || httpStatus === 429;
  const providerCode = `AADSTS${String(code)}`;
  const kind = KINDS.get(providerCode) ?? (passes ? 'IdentityServiceUnavailable' : 'IdentityRefused');
  return { kind, httpStatus, providerCode };
}

/** The parsed JSON, or `undefined`. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
