import { BUCKETS, FEATURES, FORM, FORMS, SETTING, STATUS, type DocumentedPage } from './page.ts';

/** Servers that speak the API of S3, by the tables in their sources. */
export const S3_SERVERS: readonly DocumentedPage[] = [
  {
    provider: 'MinIO',
    source: 'https://github.com/minio/minio/blob/master/cmd/api-errors.go',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsInvalid: '401 UnauthorizedAccess; 403 InvalidTokenId; 400 MissingSecurityHeader',
      AccessDenied: '403 AccessDenied; 400 AccessDenied',
      AccountSuspended: '403 AllAccessDisabled',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      WrongRegion: '400 InvalidRegion',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectArchived: '403 InvalidObjectState',
      PreconditionFailed: '412 PreconditionFailed',
      BodyTooLarge: '400 EntityTooLarge',
      NotImplemented: '501 NotImplemented; 405 MethodNotAllowed',
      KmsKeyNotFound: '400 KMS.NotFoundException; 404 kms:KeyNotFound',
      KmsAccessDenied: '403 kms:NotAuthorized',
      Throttled: '429 TooManyRequests; 503 SlowDownRead SlowDownWrite',
      QuotaExceeded: '507 XMinioStorageFull; 400 XMinioAdminBucketQuotaExceeded',
      ServiceUnavailable: '500 InternalError; 503 RequestTimeout; 499 ClientDisconnected; 400 XMinioBackendDown',
    },
    said: [
      [501, 'NotImplemented', 'Server side encryption specified but KMS is not configured', 'KmsNotConfigured'],
      [400, 'InvalidRequest', 'Object is WORM protected and cannot be overwritten', 'ObjectRetained'],
      [403, 'AccessDenied', 'Request has expired', 'ClockSkewed'],
      [403, 'AccessDenied', 'Request is not valid yet', 'ClockSkewed'],
      [400, 'AuthorizationHeaderMalformed', 'the region is wrong; expecting us-east-1', 'WrongRegion'],
      [400, 'AuthorizationQueryParametersError', 'the Credential is mal-formed', 'AccessKeyUnknown'],
    ],
    general: {
      [FORM]:
        '400 AuthorizationHeaderMalformed AuthorizationParametersError AuthorizationQueryParametersError BadDigest BadRequest EmptyRequestBody EntityTooSmall ExcessData IncompleteBody InvalidArgument InvalidDigest InvalidDuration InvalidPart InvalidPartOrder InvalidPrefixMarker InvalidRequest InvalidRequestParameter KeyTooLongError MalformedDate MalformedXML MaxVersionsExceeded MetadataTooLarge MissingContentMD5 MissingFields MissingHeaders MissingRequiredParameter UnsupportedRangeHeader XAmzContentChecksumMismatch XAmzContentSHA256Mismatch XMinioInvalidObjectName XMinioInvalidResourceName XMinioInvalidUTF XMinioObjectExistsAsDirectory XMinioRequestBodyParse; 411 MissingContentLength MissingRequestBodyError; 416 InvalidPartNumber InvalidRange',
      [STATUS]:
        '404 NoSuchVersion; 503 ServerBusy XMinioBucketMetadataNotInitialized XMinioIAMNotInitialized XMinioServerNotInitialized XMinioSiteReplicationBackendIssue',
      [SETTING]:
        '404 NoSuchCORSConfiguration NoSuchLifecycleConfiguration ObjectLockConfigurationNotFoundError ServerSideEncryptionConfigurationNotFoundError; 400 NoSuchObjectLockConfiguration',
      'a setting of the server that a sentence in general names best by its code':
        '400 InvalidStorageClass XMinioEncryptionError XMinioInsecureClientRequest XMinioInvalidDecompressedSize; 404 TransitionStorageClassNotFoundError',
    },
    unmet: {
      [BUCKETS]:
        '400 IllegalVersioningConfigurationException InvalidLifecycleWithObjectLock InvalidPolicyDocument MalformedPolicy PolicyInvalidName PolicyTooLarge RemoteTargetNotVersionedError ReplicationPermissionCheck UnsupportedNotification XMinioInvalidLifecycleParameter; 404 NoSuchBucketLifecycle NoSuchBucketPolicy NoSuchTagSet NoSuchWebsiteConfiguration RemoteDestinationNotFoundError ReplicationConfigurationNotFoundError; 409 BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty InvalidBucketState KMS.DefaultKeyAlreadyConfiguredException',
      [FORMS]: '400 MalformedPOSTRequest ObjectSerializationConflict; 403 PostPolicyInvalidKeyName',
      [FEATURES]:
        '400 LambdaARNInvalid XMinioHealAlreadyRunning XMinioMalformedJSON XMinioReplicationDenyEdit; 404 LambdaARNNotFound XMinioPolicyNotAttached; 409 RestoreAlreadyInProgress XMinioPolicyAlreadyAttached',
    },
  },
  {
    provider: 'Ceph RGW',
    source: 'https://github.com/ceph/ceph/blob/main/src/rgw/rgw_common.cc',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      AccessDenied: '403 AccessDenied',
      AccountSuspended: '403 UserSuspended',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      WrongRegion: '301 PermanentRedirect',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectArchived: '403 InvalidObjectState',
      PreconditionFailed: '412 PreconditionFailed',
      BodyTooLarge: '400 EntityTooLarge',
      NotImplemented: '405 MethodNotAllowed; 501 NotImplemented',
      Throttled: '503 SlowDown',
      QuotaExceeded: '403 QuotaExceeded',
      ServiceUnavailable:
        '500 InternalError; 503 ServiceUnavailable; 400 RequestTimeout; 408 RequestTimeout; 409 OperationAborted',
    },
    said: [[400, 'InvalidArgument', 'Failed to retrieve the actual key, kms-keyid: key', 'KmsKeyNotFound']],
    general: {
      [FORM]:
        '400 BadDigest EntityTooSmall InvalidArgument InvalidDigest InvalidObjectName InvalidPart InvalidPartOrder InvalidRequest MalformedXML XAmzContentSHA256Mismatch; 411 MissingContentLength; 416 InvalidRange; 422 UnprocessableEntity',
      [STATUS]: '500 UnknownError; 423 Locked',
      [SETTING]:
        '404 NoSuchCORSConfiguration NoSuchLifecycleConfiguration ObjectLockConfigurationNotFoundError ServerSideEncryptionConfigurationNotFoundError',
      'a setting of the bucket that a sentence in general names best by its code':
        '400 InvalidEncryptionAlgorithmError',
    },
    unmet: {
      [BUCKETS]:
        '400 InvalidRetentionPeriod InvalidTenantName MalformedACLError MalformedPolicyDocument TooManyBuckets UnresolvableGrantByEmailAddress; 404 NoSuchBucketPolicy NoSuchWebsiteConfiguration; 409 BucketAlreadyExists BucketNotEmpty InvalidBucketState',
      [FORMS]: '400 InvalidTag; 404 NoSuchTagSet; 409 ObjectNotAppendable PositionNotEqualToLength',
      [FEATURES]:
        '400 InvalidCapability InvalidKeyType InvalidSecretKey; 404 NoSuchEntity NoSuchSubUser NoSuchUser; 409 EmailExists KeyExists UserAlreadyExists',
    },
  },
  {
    provider: 'Garage',
    source: 'https://git.deuxfleurs.fr/Deuxfleurs/garage: src/api/s3/error.rs, src/api/common/common_error.rs',
    dialect: 's3',
    rows: {
      AccessDenied: '403 AccessDenied',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      PreconditionFailed: '412 PreconditionFailed',
      NotImplemented: '501 NotImplemented',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable',
    },
    said: [
      [403, 'AccessDenied', 'Forbidden: No such key: GK0123456789', 'AccessKeyUnknown'],
      [403, 'AccessDenied', 'Forbidden: Invalid signature', 'SignatureMismatch'],
      [403, 'AccessDenied', 'Forbidden: Operation is not allowed for this key.', 'AccessDenied'],
      [400, 'InvalidRequest', 'Bad request: Date is too old', 'ClockSkewed'],
      [400, 'AuthorizationHeaderMalformed', 'unexpected scope: 20260101/eu/s3/aws4_request', 'WrongRegion'],
    ],
    general: {
      [FORM]:
        '400 AuthorizationHeaderMalformed EntityTooSmall InvalidHeaderValue InvalidPart InvalidPartOrder InvalidRequest MalformedXML; 416 InvalidRange',
    },
    unmet: { [BUCKETS]: '409 BucketAlreadyExists BucketNotEmpty' },
  },
  {
    provider: 'SeaweedFS',
    source: 'https://github.com/seaweedfs/seaweedfs/blob/master/weed/s3api/s3err/s3api_errors.go',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsExpired: '400 ExpiredToken',
      AccessDenied: '403 AccessDenied; 400 AccessDenied',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      PreconditionFailed: '412 PreconditionFailed; 409 ConditionalRequestConflict',
      BodyTooLarge: '400 EntityTooLarge',
      NotImplemented: '501 NotImplemented; 405 MethodNotAllowed',
      KmsKeyNotFound: '400 KMSKeyNotFoundException',
      KmsKeyDisabled: '400 KMSKeyDisabledException',
      KmsAccessDenied: '403 KMSAccessDeniedException',
      Throttled: '503 SlowDown',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 499 ClientDisconnected',
    },
    said: [[403, 'AccessDenied', 'Request has expired', 'ClockSkewed']],
    general: {
      [FORM]:
        '400 AuthorizationHeaderMalformed AuthorizationQueryParametersError BadDigest EntityTooSmall IncompleteBody InvalidArgument InvalidDigest InvalidPart InvalidPartOrder InvalidRequest KeyTooLongError MalformedDate MalformedXML MissingFields XAmzContentSHA256Mismatch; 409 ExistingObjectIsDirectory ExistingObjectIsFile; 416 InvalidPartNumber InvalidRange',
      [STATUS]: '404 NoSuchVersion; 429 ErrTooManyRequest ErrRequestBytesExceed',
      [SETTING]:
        '404 NoSuchCORSConfiguration NoSuchLifecycleConfiguration NoSuchObjectLockConfiguration ObjectLockConfigurationNotFoundError ServerSideEncryptionConfigurationNotFoundError',
      'a setting of the bucket that a sentence in general names best by its code':
        '400 InvalidCiphertext InvalidEncryptionAlgorithmError InvalidStorageClass',
    },
    unmet: {
      [BUCKETS]:
        '400 AccessControlListNotSupported InvalidPolicyDocument InvalidRetentionPeriod MalformedPolicy PolicyTooLarge; 404 NoSuchBucketPolicy NoSuchConfiguration NoSuchPublicAccessBlockConfiguration NoSuchWebsiteConfiguration OwnershipControlsNotFoundError ReplicationConfigurationNotFoundError; 409 BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty InvalidBucketState',
      [FORMS]:
        '400 IdempotentParameterMismatch InvalidTag MalformedPOSTRequest; 403 PostPolicyInvalidKeyName; 404 NoSuchObjectLegalHold NoSuchTagSet',
    },
  },
  {
    provider: 'Other stores that speak S3',
    source: 'the AWS SDK, and answers that users quoted',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidClientTokenId InvalidAccessKeyIdInactive AccessKeyDisabled InactiveAccessKey',
      ObjectNotFound: '404 NotFound',
      NotImplemented: '501 XNotImplemented',
      Throttled: '503 RequestLimitExceeded; 400 Throttling',
    },
    said: [[400, 'InvalidRequest', 'This bucket does not support path-style access', 'AddressingRefused']],
    general: {},
    unmet: {},
  },
];
