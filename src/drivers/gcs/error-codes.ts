import type { ErrorCodes } from '../../domain/observations/error-codes.ts';

/**
 * GCS's reasons (JSON API), codes (XML API) and statuses (newer answers). The first two differ only in their first
 * letter: here they are in the JSON API's form. A code that is not here is read by its HTTP status; `notFound` does not
 * say whether bucket or object is missing.
 */
export const GCS_CODES: ErrorCodes = {
  AccessKeyUnknown: ['invalidAccessKeyId'],
  SignatureMismatch: ['signatureDoesNotMatch'],
  CredentialsInvalid: [
    'authError',
    'authenticationRequired',
    'invalidSecurity',
    'invalidToken',
    'missingSecurityHeader',
    'UNAUTHENTICATED',
  ],
  CredentialsExpired: ['expiredToken', 'tokenRefreshRequired'],
  AccessDenied: [
    'accessDenied',
    'forbidden',
    'insufficientPermissions',
    'PERMISSION_DENIED',
    'userProjectAccessDenied',
  ],
  NetworkDenied: ['securityPolicyViolated', 'SECURITY_POLICY_VIOLATED', 'vpcServiceControls'],
  ApiDisabled: ['accessNotConfigured', 'SERVICE_DISABLED', 'usageLimitsAccessNotConfigured'],
  AccountSuspended: ['accountDisabled', 'accountProblem', 'invalidPayer', 'userProjectAccountProblem'],
  ClockSkewed: ['requestTimeTooSkewed'],
  BucketNotFound: ['noSuchBucket'],
  BucketNameInvalid: ['invalidBucketName'],
  ObjectNotFound: ['noSuchKey', 'noSuchUpload'],
  ObjectRetained: ['objectUnderActiveHold', 'retentionPolicyNotMet'],
  RequesterPays: ['authenticationRequiredRequesterPays', 'userProjectMissing'],
  PreconditionFailed: ['conditionNotMet', 'preconditionFailed'],
  BodyTooLarge: ['entityTooLarge', 'maxMessageLengthExceeded', 'uploadTooLarge'],
  NotImplemented: ['methodNotAllowed', 'notImplemented'],
  // Their HTTP status alone would say something else.
  RequestRefused: ['countryBlocked', 'orgPolicyConstraintFailed', 'sslRequired', 'userProjectInconsistent'],
  KmsKeyNotFound: [
    'cloudKmsBadKey',
    'cloudKmsDecryptionKeyNotFound',
    'cloudKmsEncryptionKeyNotFound',
    'cloudKmsKeyLocationNotAllowed',
  ],
  KmsKeyDisabled: ['cloudKmsDisabledKey'],
  Throttled: [
    'rateLimitExceeded',
    'RESOURCE_EXHAUSTED',
    'slowDown',
    'tooManyRequests',
    'usageLimitsRateLimitExceeded',
    'userRateLimitExceeded',
  ],
  QuotaExceeded: ['dailyLimitExceeded', 'quotaExceeded'],
  ServiceUnavailable: [
    'backendError',
    'conflict',
    'gatewayTimeout',
    'internalError',
    'operationAborted',
    'requestTimeout',
    'serviceUnavailable',
    'uploadBrokenConnection',
  ],
};

/** OAuth error codes of Google's Security Token Service. */
export const GOOGLE_STS_CODES: ErrorCodes = {
  IdentityPoolMisconfigured: [
    'invalid_grant', // issuer, audience, signature or mapping
    'invalid_target', // no such provider, or a disabled one
    'invalid_request', // an audience that names no provider
    'unauthorized_client', // the attribute condition
  ],
};

/** Reasons and statuses of Google's IAM that no grant on the service account changes. */
export const GOOGLE_IAM_CODES: ErrorCodes = {
  IdentityApiDisabled: ['SERVICE_DISABLED'],
  NetworkDenied: ['SECURITY_POLICY_VIOLATED'],
  AccountSuspended: ['BILLING_DISABLED', 'CONSUMER_SUSPENDED'],
  IdentityServiceUnavailable: ['ABORTED'],
};

/** A missing service account and one that does not trust the identity are refused with either code. */
export const IAM_DENIED_CODES: readonly string[] = ['NOT_FOUND', 'PERMISSION_DENIED'];
