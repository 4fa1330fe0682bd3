import { defined } from '../../base/defined.ts';
import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { kindsByCode } from '../../domain/observations/error-codes.ts';
import { STS_CODES, STS_DENIED_CODES } from './error-codes.ts';

const KINDS = kindsByCode(STS_CODES);

interface StsError {
  /** From our own handler, when there was no answer. */
  readonly failure?: BucketFailure;
  readonly name?: string;
  readonly message?: string;
  /** As it was sent; `name` is the SDK's own for it. */
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/**
 * A failed call of STS in our vocabulary. What happened on the way there says
 * nothing about the store. AWS says AccessDenied of an unknown role, too.
 */
export function stsFailure(action: string, error: unknown): BucketFailure {
  const { failure, $metadata: { httpStatusCode: httpStatus, requestId } = {}, ...raw } = (error ?? {}) as StsError;
  if (failure !== undefined || httpStatus === undefined) return unavailable(failure);
  const code = ifOf(/^[A-Za-z0-9_.]{1,64}$/, raw.Code);
  return {
    kind: kindOf(action, httpStatus, { code, message: raw.message ?? '' }),
    httpStatus,
    ...defined({ providerCode: code, requestId: ifOf(/^[\w-]{1,128}$/, requestId) }),
  };
}

function ifOf(form: RegExp, text: string | undefined): string | undefined {
  return text !== undefined && form.test(text) ? text : undefined;
}

function unavailable({ httpStatus, providerCode }: Partial<BucketFailure> = {}): BucketFailure {
  return { kind: 'IdentityServiceUnavailable', ...defined({ httpStatus, providerCode }) };
}

function kindOf(
  action: string,
  status: number,
  { code, message }: { readonly code: string | undefined; readonly message: string },
): BucketFailureKind {
  if (code !== undefined && STS_DENIED_CODES.includes(code))
    return action === 'AssumeRole' ? 'RoleNotAssumable' : 'WebIdentityNotTrusted';
  // STS has one code for a wrong key and for a clock that is off.
  if (code === 'SignatureDoesNotMatch' && /signature (expired|not yet current)/i.test(message)) return 'ClockSkewed';
  const known = code === undefined ? undefined : KINDS.get(code);
  if (known !== undefined) return known;
  // Without a code it is a proxy or a load balancer that answers.
  return status >= 500 || status === 429 || code === undefined ? 'IdentityServiceUnavailable' : 'IdentityRefused';
}
