import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { PlainResponse } from '../../ports/http.ts';

/** Codes of STS, whatever was asked for. */
const KINDS: Readonly<Record<string, BucketFailureKind>> = {
  InvalidIdentityToken: 'IssuerNotTrusted',
  IDPRejectedClaim: 'IssuerNotTrusted',
  // MinIO's word for a token that it does not take.
  InvalidParameterValue: 'IssuerNotTrusted',
  InvalidClientTokenId: 'AccessKeyUnknown',
  InvalidAccessKeyId: 'AccessKeyUnknown',
  SignatureDoesNotMatch: 'SignatureMismatch',
  RequestExpired: 'ClockSkewed',
  RequestTimeTooSkewed: 'ClockSkewed',
  ExpiredToken: 'IdentityRefused',
  ExpiredTokenException: 'IdentityRefused',
  IDPCommunicationError: 'IdentityServiceUnavailable',
  Throttling: 'IdentityServiceUnavailable',
  ThrottlingException: 'IdentityServiceUnavailable',
  InternalFailure: 'IdentityServiceUnavailable',
  InternalError: 'IdentityServiceUnavailable',
  ServiceUnavailable: 'IdentityServiceUnavailable',
  STSNotInitialized: 'IdentityServiceUnavailable',
};

/** A refusal by STS in our vocabulary. AWS says AccessDenied of an unknown role, too: who may not ask is told nothing. */
export function stsFailure(action: string, response: PlainResponse): BucketFailure {
  const body = Buffer.from(response.body).toString('utf8');
  const code = /<Code>([A-Za-z0-9_.]{1,64})<\/Code>/.exec(body)?.[1];
  const requestId = /<RequestId>([\w-]{1,128})<\/RequestId>/.exec(body)?.[1];
  return {
    kind: kindOf(action, response.status, code),
    httpStatus: response.status,
    ...(code !== undefined && { providerCode: code }),
    ...(requestId !== undefined && { requestId }),
  };
}

function kindOf(action: string, status: number, code: string | undefined): BucketFailureKind {
  if (code === 'AccessDenied') return action === 'AssumeRole' ? 'RoleNotAssumable' : 'WebIdentityNotTrusted';
  const known = code !== undefined && Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
  if (known !== undefined) return known;
  // Without a code it is a proxy or a load balancer that answers.
  return status >= 500 || status === 429 || code === undefined ? 'IdentityServiceUnavailable' : 'IdentityRefused';
}
