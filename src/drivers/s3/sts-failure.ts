import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { PlainResponse } from '../../ports/http.ts';

/** Kinds of the error codes of STS for every action. */
const KINDS: Readonly<Record<string, BucketFailureKind>> = {
  InvalidIdentityToken: 'IssuerNotTrusted',
  IDPRejectedClaim: 'IssuerNotTrusted',
  // MinIO's code for a refused token.
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

/** Classifies a refusal by STS. AWS answers AccessDenied for an unknown role too. */
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
  // Without a code the answer is that of a proxy or a load balancer.
  return status >= 500 || status === 429 || code === undefined ? 'IdentityServiceUnavailable' : 'IdentityRefused';
}
