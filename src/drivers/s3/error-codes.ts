import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { ErrorCodes } from '../../domain/observations/error-codes.ts';

/**
 * Codes of S3 and of the stores that speak its API. A code that is not here is read by its HTTP status: the tests of
 * documented codes say for each page which ones, and why.
 */
export const S3_CODES: ErrorCodes = {
  // Who we are
  AccessKeyUnknown: [
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    // Keys that were switched off.
    'InvalidAccessKeyIdInactive',
    'AccessKeyDisabled',
    'InactiveAccessKey',
  ],
  SignatureMismatch: ['SignatureDoesNotMatch'],
  CredentialsInvalid: [
    'Unauthorized', // Cloudflare R2 of a key that it does not know
    'UnauthorizedAccess', // MinIO
    'NotAuthenticated', // OCI
    'InvalidSecurity',
    'InvalidToken',
    'InvalidTokenId', // MinIO
    'InvalidSecurityToken', // Alibaba Cloud OSS
    'AccessKeyIdAndSecurityTokenNotMatch', // Alibaba Cloud OSS
    'MissingSecurityHeader',
  ],
  CredentialsExpired: ['ExpiredToken', 'TokenRefreshRequired'],
  AccessDenied: [
    'AccessDenied',
    // OCI, for "forbidden" as for "missing".
    'NotAuthorizedOrNotFound',
    'NamespaceNotFound',
  ],
  AccountSuspended: [
    'AbnormalBucketOwnerStatus', // Alibaba Cloud OSS
    'AccountNotActivated', // Wasabi
    'AccountProblem',
    'AllAccessDisabled',
    'BucketDisable', // Alibaba Cloud OSS
    'InDebt', // Alibaba Cloud OSS
    'InDebtOverdue',
    'InvalidPayer',
    'NotEntitled', // Cloudflare R2
    'NotSignedUp',
    'PaymentRequired', // Tencent COS
    'SignUpRequired', // OCI
    'UnauthorizedAccessError', // AWS in China
    'UnavailableForLegalReasons', // Tencent COS
    'UserDisable', // Alibaba Cloud OSS
    'UserSuspended', // Ceph RGW
  ],
  // URLs and requests are signed just before they are sent: only a clock can have made them old.
  ClockSkewed: ['RequestTimeTooSkewed', 'ExpiredRequest'],

  // What we asked for
  BucketNotFound: ['NoSuchBucket'],
  BucketNameInvalid: ['InvalidBucketName', 'BucketNameTooLong'],
  AddressingRefused: ['SecondLevelDomainForbidden'], // Alibaba Cloud OSS
  WrongRegion: [
    'PermanentRedirect',
    'TemporaryRedirect',
    'Redirect',
    'IllegalLocationConstraintException',
    'IncorrectEndpoint',
    'InvalidRegion', // MinIO
  ],
  ObjectNotFound: ['NoSuchKey', 'NotFound', 'NoSuchUpload'],
  ObjectArchived: ['InvalidObjectState', 'NotRestored'],
  ObjectRetained: [
    'BucketLocked', // Tencent COS
    'FileImmutable', // Alibaba Cloud OSS
    'ObjectLocked', // Tencent COS
    'ObjectLockedByBucketPolicy', // Cloudflare R2
  ],
  PreconditionFailed: ['PreconditionFailed', 'ConditionalRequestConflict', 'FileAlreadyExists'],
  BodyTooLarge: ['EntityTooLarge', 'MaxMessageLengthExceeded'],
  NotImplemented: ['NotImplemented', 'XNotImplemented', 'MethodNotAllowed'],
  // They come with 403 and are not about a right: no grant helps.
  RequestRefused: [
    'CnameDenied', // Alibaba Cloud OSS
    'IncompleteSignature',
    'MissingAuthenticationToken',
    'NonStandardHostForbidden', // Alibaba Cloud OSS
    'UnexpectedIPError',
  ],

  // Keys of a KMS
  KmsKeyNotFound: ['KMS.NotFoundException', 'kms:KeyNotFound', 'KMSKeyNotFoundException', 'KmsKeyNotExist'],
  KmsKeyDisabled: [
    'KMS.DisabledException',
    'KMS.KMSInvalidStateException',
    'KMS.InvalidKeyUsageException',
    'KMSKeyDisabledException', // SeaweedFS
    'KeyDisabled', // Alibaba Cloud OSS
    'KeyPendingDeletion', // Alibaba Cloud OSS
    'KmsKeyDisabled', // Tencent COS
  ],
  KmsAccessDenied: ['kms:NotAuthorized', 'KMSAccessDeniedException'],
  KmsNotConfigured: ['UbsmsInvalidBid'], // Alibaba Cloud OSS

  // The store's own trouble
  Throttled: [
    'AuthenticationLockout', // Wasabi, for five minutes
    'KmsFreqControl', // Tencent COS
    'QpsLimitExceeded', // Alibaba Cloud OSS
    'RequestLimitExceeded',
    'RequestRateLimitExceeded', // Wasabi
    'SlowDown',
    'SlowDownRead',
    'SlowDownWrite',
    'Throttling',
    'ThrottlingException', // AWS KMS, by way of S3
    'TooManyRequests',
  ],
  QuotaExceeded: ['QuotaExceeded', 'LimitExceeded', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded'],
  ServiceUnavailable: [
    'ClientDisconnect', // Cloudflare R2: the connection was cut on the way
    'ClientDisconnected',
    'ConnectionClosed', // Wasabi
    'InternalError',
    'OperationAborted',
    'RequestTimeout',
    'ServiceUnavailable',
    'UserNetworkTooSlow', // Tencent COS
    'XMinioBackendDown',
  ],
};

/** Codes with several meanings, distinguished by the message. */
export const S3_MESSAGES: readonly (readonly [code: string, pattern: RegExp, kind: BucketFailureKind])[] = [
  ['AccessDenied', /\bkms:|\bforbidden by kms\b/i, 'KmsAccessDenied'],
  // Garage has one code for all of them.
  ['AccessDenied', /\bNo such key: /, 'AccessKeyUnknown'],
  ['AccessDenied', /\bInvalid signature\b/, 'SignatureMismatch'],
  ['InvalidRequest', /\bDate is too old\b/, 'ClockSkewed'],
  // Backblaze B2: a cap on storage, transactions or downloads.
  ['AccessDenied', /\bcap exceeded\b/i, 'QuotaExceeded'],
  ['AccessDenied', /\bprotected by object lock\b/i, 'ObjectRetained'],
  ['InvalidRequest', /\bWORM protected\b/, 'ObjectRetained'],
  ['AccessDenied', /\bRequest (has expired|is not valid yet)\b/, 'ClockSkewed'],
  // Alibaba Cloud OSS.
  ['AccessDenied', /\bmust be addressed using the specified endpoint\b/, 'WrongRegion'],
  // OCI, for "forbidden" as for "missing".
  ['NoSuchBucket', /\bnot authorized to access it\b/, 'AccessDenied'],
  ['BucketNotFound', /\bnot authorized to access it\b/, 'AccessDenied'],
  [
    'SignatureDoesNotMatch',
    /\bsecret key required to complete authentication could not be found\b/,
    'AccessKeyUnknown',
  ],
  ['SignatureDoesNotMatch', /\binformation to complete authentication was not provided\b/, 'CredentialsInvalid'],
  ['InvalidRequest', /path[- ]style/i, 'AddressingRefused'],
  ['NotImplemented', /KMS is not configured/i, 'KmsNotConfigured'],
  ['AccessForbidden', /CORS request is not allowed/i, 'CorsRuleMismatch'],
  // Ceph RGW: it has no such key, or no KMS at all.
  ['InvalidArgument', /kms-keyid/i, 'KmsKeyNotFound'],
];

/** Codes for a setting that was never made: no failure of the request. */
export const NEVER_MADE_CODES: readonly string[] = [
  'NoSuchCORSConfiguration',
  'NoSuchEncryptionConfiguration', // Tencent COS
  'NoSuchLifecycle', // Alibaba Cloud OSS
  'NoSuchLifecycleConfiguration',
  'NoSuchObjectLockConfiguration', // Tencent COS, SeaweedFS
  'ObjectLockConfigurationNotFoundError',
  'ServerSideEncryptionConfigurationNotFoundError',
];

/** Codes of AWS's Security Token Service, whatever was asked for, and of the stores that have one. */
export const STS_CODES: ErrorCodes = {
  IssuerNotTrusted: [
    'InvalidIdentityToken',
    'IDPRejectedClaim',
    'InvalidParameterValue', // MinIO's word for a token that it does not take
  ],
  AccessKeyUnknown: ['InvalidClientTokenId', 'InvalidAccessKeyId', 'UnrecognizedClientException'],
  SignatureMismatch: ['SignatureDoesNotMatch'],
  ClockSkewed: ['RequestExpired', 'RequestTimeTooSkewed'],
  AccountSuspended: ['OptInRequired'],
  IdentityRefused: ['ExpiredToken', 'ExpiredTokenException', 'RegionDisabled', 'RegionDisabledException'],
  IdentityServiceUnavailable: [
    'IDPCommunicationError',
    'InternalError',
    'InternalFailure',
    'RequestLimitExceeded',
    'STSIAMNotInitialized',
    'STSNotInitialized',
    'ServiceUnavailable',
    'Throttling',
    'ThrottlingException',
  ],
};

/** The role is missing, or does not trust who asks: AWS has one code for both, Ceph RGW one for each. */
export const STS_DENIED_CODES: readonly string[] = ['AccessDenied', 'AccessDeniedException', 'NoSuchEntity'];
