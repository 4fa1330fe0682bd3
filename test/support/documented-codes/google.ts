import { BUCKETS, FEATURES, FORM, FORMS, STATUS, type DocumentedPage } from './page.ts';

export const GOOGLE: readonly DocumentedPage[] = [
  {
    provider: 'Google Cloud Storage, JSON API',
    source: 'https://cloud.google.com/storage/docs/json_api/v1/status-codes',
    dialect: 'gcs',
    rows: {
      CredentialsInvalid: '401 authError UNAUTHENTICATED',
      AccessDenied: '403 forbidden insufficientPermissions UserProjectAccessDenied PERMISSION_DENIED',
      NetworkDenied: '403 vpcServiceControls SECURITY_POLICY_VIOLATED',
      ApiDisabled: '403 usageLimitsAccessNotConfigured accessNotConfigured SERVICE_DISABLED',
      AccountSuspended: '403 accountDisabled UserProjectAccountProblem',
      ObjectRetained: '403 objectUnderActiveHold retentionPolicyNotMet',
      RequesterPays: '400 userProjectMissing; 401 AuthenticationRequiredRequesterPays',
      PreconditionFailed: '412 conditionNotMet',
      BodyTooLarge: '413 uploadTooLarge',
      NotImplemented: '405 methodNotAllowed; 501 notImplemented',
      RequestRefused: '403 countryBlocked sslRequired; 412 orgPolicyConstraintFailed; 400 userProjectInconsistent',
      KmsKeyNotFound:
        '400 cloudKmsBadKey cloudKmsDecryptionKeyNotFound cloudKmsEncryptionKeyNotFound cloudKmsKeyLocationNotAllowed',
      KmsKeyDisabled: '400 cloudKmsDisabledKey',
      Throttled:
        '429 rateLimitExceeded usageLimitsRateLimitExceeded userRateLimitExceeded RESOURCE_EXHAUSTED; 403 rateLimitExceeded userRateLimitExceeded',
      QuotaExceeded: '403 quotaExceeded dailyLimitExceeded',
      ServiceUnavailable:
        '500 backendError internalError; 503 backendError; 504 gatewayTimeout; 408 uploadBrokenConnection; 409 conflict',
    },
    said: [
      [403, 'forbidden', 'Permission denied on Cloud KMS key.', 'KmsAccessDenied'],
      [403, 'forbidden', 'Request is prohibited by VPC Service Controls', 'NetworkDenied'],
      [404, 'notFound', 'The specified bucket does not exist.', 'BucketNotFound'],
      [404, 'notFound', 'No such object: b/o', 'ObjectNotFound'],
      [400, 'required', 'Bucket is a requester pays bucket but no user project provided.', 'RequesterPays'],
    ],
    general: {
      [FORM]:
        '400 badRequest invalid invalidAltValue invalidArgument invalidParameter notDownload notUpload parseError required turnedDown userProjectInvalid wrongUrlForUpload corsRequestWithXOrigin; 416 requestedRangeNotSatisfiable',
      [STATUS]: '401 required',
    },
    unmet: {
      [BUCKETS]: '400 badRequestException cloudKmsCannotChangeKeyName; 412 softDeletePolicyNotSet objectNotSoftDeleted',
      [FEATURES]:
        '303 mediaDownloadRedirect; 307 temporaryRedirect; 400 customerEncryptionAlgorithmIsInvalid customerEncryptionKeyFormatIsInvalid customerEncryptionKeyIsIncorrect customerEncryptionKeySha256IsInvalid resourceIsEncryptedWithCustomerEncryptionKey resourceNotEncryptedWithCustomerEncryptionKey push.channelIdInvalid push.channelIdNotUnique push.webhookUrlNoHostOrAddress push.webhookUrlNotHttps; 401 lockedDomainExpired; 403 stopChannelCallerNotOwner',
    },
  },
  {
    provider: 'Google Cloud Storage, XML API',
    source: 'https://cloud.google.com/storage/docs/xml-api/reference-status',
    dialect: 'gcs',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsInvalid: '401 AuthenticationRequired; 400 InvalidToken MissingSecurityHeader; 403 InvalidSecurity',
      CredentialsExpired: '400 ExpiredToken TokenRefreshRequired',
      AccessDenied: '403 AccessDenied Forbidden UserProjectAccessDenied',
      NetworkDenied: '403 SecurityPolicyViolated',
      AccountSuspended: '403 AccountProblem InvalidPayer UserProjectAccountProblem',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectRetained: '403 ObjectUnderActiveHold RetentionPolicyNotMet',
      RequesterPays: '400 UserProjectMissing; 401 AuthenticationRequiredRequesterPays',
      PreconditionFailed: '412 PreconditionFailed',
      BodyTooLarge: '400 EntityTooLarge MaxMessageLengthExceeded',
      NotImplemented: '405 MethodNotAllowed; 501 NotImplemented',
      RequestRefused: '400 UserProjectInconsistent; 412 OrgPolicyConstraintFailed',
      KmsKeyNotFound:
        '400 CloudKmsBadKey CloudKmsDecryptionKeyNotFound CloudKmsEncryptionKeyNotFound CloudKmsKeyLocationNotAllowed',
      KmsKeyDisabled: '400 CloudKmsDisabledKey',
      Throttled: '429 SlowDown TooManyRequests; 503 SlowDown',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 400 RequestTimeout; 409 OperationAborted',
    },
    said: [
      [400, 'ExpiredToken', 'The provided token has expired. Request has expired: 120', 'ClockSkewed'],
      [403, 'AccessDenied', 'Access denied. Permission denied on Cloud KMS key.', 'KmsAccessDenied'],
    ],
    general: {
      [FORM]:
        '400 BadDigest CrcMismatch EntityTooSmall ExcessHeaderValues IncompleteBody InvalidArgument InvalidDigest InvalidPart InvalidPartOrder InvalidURI KeyTooLong MalformedSecurityHeader MetadataTooLarge UnexpectedContent UserProjectInvalid; 411 MissingContentLength; 416 InvalidRange',
      [STATUS]: '404 NoSuchVersion',
    },
    unmet: {
      [BUCKETS]:
        '400 AmbiguousGrantByEmailAddress CloudKmsCannotChangeKeyName InvalidLocationConstraint InvalidStorageClass TooManyBuckets UnresolvableGrantByEmailAddress; 403 CrossLocationLoggingProhibited; 409 BucketAlreadyExists BucketAlreadyOwnedByYou BucketNameUnavailable BucketNotEmpty InvalidBucketState',
      [FORMS]:
        '400 CredentialsNotSupported IncorrectNumberOfFilesInPostRequest InvalidPolicyDocument RequestIsNotMultiPartContent UserKeyMustBeSpecified',
    },
  },
  {
    provider: "Google's Security Token Service",
    source: 'https://cloud.google.com/iam/docs/troubleshooting-workload-identity-federation and RFC 8693',
    dialect: 'google sts',
    rows: { IdentityPoolMisconfigured: '400 invalid_grant invalid_target invalid_request; 401 unauthorized_client' },
    general: { [FORM]: '400 invalid_scope unsupported_grant_type; 401 invalid_client' },
    unmet: {},
  },
  {
    provider: "Google's IAM service account credentials",
    source: 'https://cloud.google.com/apis/design/errors and google/api/error_reason.proto',
    dialect: 'google iam',
    rows: {
      ImpersonationDenied: '403 PERMISSION_DENIED; 404 NOT_FOUND',
      IdentityApiDisabled: '403 SERVICE_DISABLED',
      NetworkDenied: '403 SECURITY_POLICY_VIOLATED',
      AccountSuspended: '403 BILLING_DISABLED CONSUMER_SUSPENDED',
      IdentityServiceUnavailable: '409 ABORTED',
    },
    general: {
      [FORM]:
        '400 INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE; 401 UNAUTHENTICATED ACCESS_TOKEN_EXPIRED ACCOUNT_STATE_INVALID; 403 CONSUMER_INVALID USER_PROJECT_DENIED ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      [STATUS]:
        '429 RESOURCE_EXHAUSTED RATE_LIMIT_EXCEEDED; 500 INTERNAL UNKNOWN DATA_LOSS; 501 UNIMPLEMENTED; 503 UNAVAILABLE; 504 DEADLINE_EXCEEDED',
    },
    unmet: {
      'keys of the API': '400 API_KEY_INVALID; 403 API_KEY_SERVICE_BLOCKED',
      'creating resources': '409 ALREADY_EXISTS',
    },
  },
];
