/**
 * Why an identity without a key cannot sign in. Tokens are exchanged with Kubernetes and the identity services of the
 * clouds, not with the store.
 */
export const SIGN_IN_FAILURE_KINDS = [
  'TokenUnavailable', // Kubernetes issues no token of the ServiceAccount
  'IdentityServiceUnavailable', // STS, IAM or Entra gave no usable answer
  'WebIdentityNotTrusted', // AWS: the role does not trust the ServiceAccount
  'IssuerNotTrusted', // AWS: no identity provider for the cluster, or for the audience
  'RoleNotAssumable', // AWS: the role does not trust the caller, or not with this external id
  'IdentityPoolMisconfigured', // Google Cloud: the pool or its provider does not accept the token
  'ImpersonationDenied', // Google Cloud: the service account does not trust the identity
  'FederatedCredentialMissing', // Azure: the identity does not trust the ServiceAccount
  'IdentityNotFound', // Azure: no such client, or no such tenant
  'IdentityApiDisabled', // Google Cloud: the API of the identity service is off in the project
  'IdentityRefused', // any other refusal
  'UrlSigningDenied', // signed in, but may not sign URLs
] as const;
export type SignInFailureKind = (typeof SIGN_IN_FAILURE_KINDS)[number];

/** Whether a failure is one of sign-in by an identity. */
export function isSignInFailure(kind: BucketFailureKind): kind is SignInFailureKind {
  return (SIGN_IN_FAILURE_KINDS as readonly BucketFailureKind[]).includes(kind);
}

/**
 * Why a request to a bucket failed: the one vocabulary into which drivers and `net/` translate SDK, socket and HTTP
 * errors.
 *
 * The names state what was observed. What it means for the user is decided by the checks.
 */
export type BucketFailureKind =
  // Before the first byte
  | 'EndpointForbidden' // the guard refused to dial the address
  | 'NameNotResolved' // DNS has no such name
  | 'ResolverUnavailable' // DNS did not answer (EAI_AGAIN)
  | 'ConnectionRefused'
  | 'ConnectionTimedOut'
  | 'ConnectionReset'
  | 'NetworkUnreachable' // no route, host down
  | 'OutOfSockets' // the limit of this process or node for open files or buffers
  | 'TlsUntrusted' // chain does not end at a known CA
  | 'TlsIssuerUnknown' // the issuer of a certificate was not sent and is not known
  | 'TlsCertificateInvalid' // a key or signature is too weak, or the certificate violates a limit of its CA
  | 'TlsExpired' // certificate expired or not yet valid
  | 'TlsNameMismatch' // certificate is for another host
  | 'TlsHandshakeFailed' // not TLS, or no common protocol
  | 'ProxyRefused' // the HTTP proxy did not open the tunnel, or did not pass the request on
  // The exchange
  | 'DeadlineExceeded' // our own deadline for the call or the probe
  | 'ResponseTooLarge' // over the limit for body or headers
  | 'NotAnObjectStore' // answered, but not in the form of the store's API
  // Who we are
  | 'AccessKeyUnknown'
  | 'SignatureMismatch' // the secret key is wrong
  | 'SharedKeyDisabled' // the account accepts no keys at all
  | 'CredentialsInvalid' // refused, without saying which part of it is wrong
  | 'CredentialsExpired'
  | 'AccessDenied'
  | 'NetworkDenied' // not from the network that we come from, whatever is granted
  | 'ApiDisabled' // the project has the API of the store switched off
  | 'AccountSuspended' // or unpaid, not signed up, or with a bucket that is switched off
  | 'ClockSkewed'
  | SignInFailureKind
  // What we asked for
  | 'BucketNotFound'
  | 'BucketNameInvalid'
  | 'AddressingRefused' // the bucket is looked for in the host and stands in the path, or the other way round
  | 'WrongRegion' // `region` has the right one where the store names it
  | 'ObjectNotFound'
  | 'ObjectArchived' // it must be restored before it can be read
  | 'ObjectRetained' // retention, a lock or a hold keeps it, whatever is granted
  | 'RequesterPays' // the bucket requires that the requester pays
  | 'PreconditionFailed' // the key exists already
  | 'CorsRuleMismatch' // a preflight that none of the bucket's CORS rules matches
  | 'BodyTooLarge' // a body of this length is refused, by the store or on the way to it
  | 'NotImplemented'
  | 'RequestRefused' // any other 4xx
  | 'KmsKeyNotFound'
  | 'KmsKeyDisabled'
  | 'KmsAccessDenied'
  | 'KmsNotConfigured'
  // The store's own trouble
  | 'Throttled'
  | 'QuotaExceeded'
  | 'ServiceUnavailable';

/** One failed request, safe to show: no body, no URL query, no secret. */
export interface BucketFailure {
  readonly kind: BucketFailureKind;
  /** HTTP status, absent when there was no answer. */
  readonly httpStatus?: number;
  /** The store's own code, such as `NoSuchBucket`, or that of the socket, such as `ECONNREFUSED`. */
  readonly providerCode?: string;
  /** For the log and the event only. */
  readonly requestId?: string;
  /** With `WrongRegion`: the bucket's region, if the store reports it. */
  readonly region?: string;
  /** With a redirect: the origin that it leads to. */
  readonly endpoint?: string;
  /** One short sentence, never text of the store. */
  readonly detail?: string;
}
