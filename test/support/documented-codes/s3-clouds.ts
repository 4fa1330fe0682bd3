import { BUCKETS, FEATURES, FORM, FORMS, SETTING, STATUS, type DocumentedPage } from './page.ts';

/** Clouds that speak the API of S3. */
export const S3_CLOUDS: readonly DocumentedPage[] = [
  {
    provider: 'Cloudflare R2',
    source: 'https://developers.cloudflare.com/r2/api/error-codes/',
    dialect: 's3',
    rows: {
      CredentialsInvalid: '401 Unauthorized',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      AccessDenied: '403 AccessDenied',
      AccountSuspended: '403 NotEntitled',
      ClockSkewed: '400 ExpiredRequest',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectRetained: '403 ObjectLockedByBucketPolicy',
      PreconditionFailed: '412 PreconditionFailed',
      BodyTooLarge: '400 EntityTooLarge',
      Throttled: '429 TooManyRequests',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 400 ClientDisconnect',
    },
    general: {
      [FORM]:
        '400 InvalidObjectName MetadataTooLarge IncompleteBody InvalidDigest BadDigest EntityTooSmall InvalidPart; 411 MissingContentLength; 416 InvalidRange',
    },
    unmet: { [BUCKETS]: '400 TooManyBuckets; 409 BucketNotEmpty BucketConflict' },
  },
  {
    provider: 'Backblaze B2',
    source:
      'https://www.backblaze.com/docs/cloud-storage-s3-compatible-api and reports of users (restic#1451, restic#3265, craft-remote-backup#11)',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      AccessDenied: '403 AccessDenied',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      NotImplemented: '501 NotImplemented; 405 MethodNotAllowed',
      Throttled: '503 SlowDown',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable',
    },
    said: [
      [403, 'AccessDenied', 'Cannot upload files, storage cap exceeded. See the Caps & Alerts page', 'QuotaExceeded'],
      [
        403,
        'AccessDenied',
        'Cannot download file, download bandwidth or transaction (Class B) cap exceeded.',
        'QuotaExceeded',
      ],
      [403, 'AccessDenied', 'not entitled', 'AccessDenied'],
    ],
    general: { [FORM]: '400 InvalidRequest InvalidArgument BadDigest MalformedXML' },
    unmet: {},
  },
  {
    provider: 'Wasabi',
    source: 'https://docs.wasabi.com/apidocs/rest-api-introduction',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      AccessDenied: '403 AccessDenied',
      AccountSuspended: '403 AccountNotActivated AccountProblem',
      ClockSkewed: '403 RequestTimeTooSkewed',
      ObjectArchived: '403 InvalidObjectState',
      NotImplemented: '501 NotImplemented',
      RequestRefused: '403 IncompleteSignature',
      Throttled: '403 AuthenticationLockout RequestRateLimitExceeded',
      ServiceUnavailable: '500 InternalError; 410 ConnectionClosed',
    },
    general: {
      [FORM]:
        '400 AuthorizationHeaderMalformed AuthorizationQueryParametersError BadDigest BadRequest InvalidAction InvalidArgument InvalidDigest InvalidInput InvalidParameterValue XAmzContentSHA256Mismatch EncryptionNotAllowed',
      [STATUS]: '503 Unavailable; 403 AccessForbidden; 404 DBEntityNotfound',
    },
    unmet: { [BUCKETS]: '409 EntityAlreadyExists', [FEATURES]: '403 InvalidAuthenticationCode' },
  },
  {
    provider: 'Alibaba Cloud OSS',
    source:
      'https://www.alibabacloud.com/help/en/oss/user-guide/http-403-error-code and the pages of 400, 404, 409 and 503',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsInvalid: '403 AccessKeyIdAndSecurityTokenNotMatch InvalidSecurityToken',
      AccessDenied: '403 AccessDenied',
      AccountSuspended: '403 AbnormalBucketOwnerStatus BucketDisable InDebt InDebtOverdue UserDisable',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      AddressingRefused: '403 SecondLevelDomainForbidden',
      WrongRegion: '403 PermanentRedirect',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectArchived: '403 InvalidObjectState',
      ObjectRetained: '409 FileImmutable',
      PreconditionFailed: '412 PreconditionFailed; 409 FileAlreadyExists',
      BodyTooLarge: '400 EntityTooLarge',
      NotImplemented: '501 NotImplemented; 405 MethodNotAllowed',
      RequestRefused: '403 CnameDenied NonStandardHostForbidden',
      KmsKeyDisabled: '409 KeyDisabled KeyPendingDeletion',
      KmsNotConfigured: '403 UbsmsInvalidBid',
      Throttled: '503 QpsLimitExceeded',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 400 RequestTimeout',
    },
    said: [
      [403, 'AccessDenied', 'The bucket must be addressed using the specified endpoint.', 'WrongRegion'],
      [403, 'AccessDenied', 'This request is forbidden by kms', 'KmsAccessDenied'],
      [403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 'CorsRuleMismatch'],
    ],
    general: {
      [FORM]:
        '400 BadRequest InvalidArgument InvalidDigest InvalidObjectName InvalidPart InvalidPartOrder EntityTooSmall MalformedXML; 411 MissingContentLength; 416 InvalidRange',
      [STATUS]: '403 AccessForbidden BucketNotBelongTo',
      [SETTING]: '404 NoSuchCORSConfiguration NoSuchLifecycle',
    },
    unmet: {
      [BUCKETS]:
        '400 TooManyBuckets BadReplicationLocation BucketReplicationAlreadyExist CORSRuleBeyondLimit; 409 BucketAlreadyExists BucketNotEmpty CnameAlreadyExists',
      [FORMS]: '400 RequestIsNotMultiPartContent; 409 PositionNotEqualToLength',
      [FEATURES]: '403 ImageDamage; 409 ChannelStillLive LiveChannelDisabled RestoreAlreadyInProgress',
    },
  },
  {
    provider: 'Tencent COS',
    source: 'https://www.tencentcloud.com/document/product/436/7730 and the table of github.com/Tencent/flare',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsExpired: '400 ExpiredToken',
      AccessDenied: '403 AccessDenied',
      AccountSuspended: '402 PaymentRequired; 451 UnavailableForLegalReasons',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName BucketNameTooLong',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectArchived: '403 InvalidObjectState; 409 InvalidObjectState',
      ObjectRetained: '409 BucketLocked ObjectLocked',
      PreconditionFailed: '412 PreconditionFailed',
      BodyTooLarge: '400 EntityTooLarge',
      NotImplemented: '405 MethodNotAllowed; 501 NotImplemented',
      KmsKeyNotFound: '400 KmsKeyNotExist',
      KmsKeyDisabled: '400 KmsKeyDisabled',
      Throttled: '503 SlowDown KmsFreqControl',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 400 RequestTimeout UserNetworkTooSlow',
    },
    said: [[403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 'CorsRuleMismatch']],
    general: {
      [FORM]:
        '400 BadDigest BadRquest EntitySizeNotMatch EntityTooSmall IncompleteBody InvalidArgument InvalidDigest InvalidObjectName InvalidPart InvalidPartOrder InvalidRequest InvalidSHA1Digest InvalidURI InvalidUploadStatus KeyTooLong MalformedXML MissingRequestBodyError UnexpectedContent VerifyAlgorithmNotSupported XMLSizeLimit; 405 UploadIdNotSupported; 409 PathConflict UploadConflict; 411 MissingContentLength; 416 InvalidRange',
      [STATUS]: '403 AccessForbidden; 500 KmsInternalException; 404 NoSuchVersion',
      [SETTING]:
        '404 NoSuchCORSConfiguration NoSuchEncryptionConfiguration NoSuchLifecycleConfiguration NoSuchObjectLockConfiguration',
      'the host, a class or a key that a sentence in general names best by its code':
        '400 InvalidRegionName KmsException NotSupportedStorageClass SSEContentNotSupported SSEHeaderNotAllowed SsecDecryptHeaderInvalid',
    },
    unmet: {
      [BUCKETS]:
        '400 AttachmentFull InvalidLocationConstraint InvalidPolicyDocument InvalidTargetBucketForLogging InventoryFull LoggingConfExists LoggingPrefixInvalid MalformedPolicy NotifyRuleEventConflict NotifyRulePrefixConflict NotifyRuleSuffixConflict PolicyFull PolicyVersionFull TargetBucketNameInvalid TooManyBuckets WebsiteURLInvalid; 403 UserNotSourceBucketOwner UserNotTargetBucketOwner; 404 InventoryConfigurationNotFoundError NoBucketQuotaPolicy NoSuchPolicyVersion NoSuchWebsiteConfiguration OriginConfigurationNotFoundError ReplicationConfigurationNotFoundError; 409 BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty DomainConfigConflict InvalidBucketState InvalidLockedTime QuotaConflict QuotaOperationConfilct RecordAlreadyExist',
      [FORMS]:
        '400 IncorrectNumberOfFilesInPostRequest InvalidCopySource InvalidDelimiter InvalidTag ListPartUploadIdIsEmpty MalformedPOSTRequest; 404 NoSuchCopySource NoSuchJob NoSuchTagSet; 409 AppendPositionErr ObjectNotAppendable',
      [FEATURES]:
        '400 ActionAccelerateNotSupported BucketAccelerateNotEnabled BucketVersionNotOpen DNSRecordVerifyFailed ImageResolutionExceed ImageTooLarge InvalidImageFormat InvalidImageSource InvalidPicOperations JsonAPINotSupportOnMAZBucket MAZOperationNotSupportOnOAZBucket MultiAZFeatureNotSupport MultiBucketNotSupport OAZOperationNotSupportOnMAZBucket UserCnameInvalid; 403 NoProcessAuthority; 405 RestoreNonArchiveObject; 409 RestoreAlreadyInProgress; 451 DomainAuditFailed',
    },
  },
  {
    provider: 'Oracle Cloud Infrastructure',
    source:
      'https://docs.oracle.com/en-us/iaas/Content/API/References/apierrors.htm and reports of users (minio-js#866, mountpoint-s3-csi-driver#409, oci-python-sdk#484)',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsInvalid: '401 NotAuthenticated',
      AccessDenied: '404 NotAuthorizedOrNotFound NamespaceNotFound',
      AccountSuspended: '402 SignUpRequired; 403 SignUpRequired',
      BucketNotFound: '404 NoSuchBucket',
      ObjectNotFound: '404 NoSuchKey',
      ObjectArchived: '409 NotRestored',
      NotImplemented: '405 MethodNotAllowed',
      Throttled: '429 TooManyRequests',
      QuotaExceeded: '400 LimitExceeded QuotaExceeded',
      ServiceUnavailable: '503 ServiceUnavailable',
    },
    said: [
      [
        404,
        'NoSuchBucket',
        "The bucket named 'b' does not exist or you are not authorized to access it",
        'AccessDenied',
      ],
      [404, 'BucketNotFound', "The bucket 'b' does not exist or you are not authorized to access it", 'AccessDenied'],
      [
        403,
        'SignatureDoesNotMatch',
        'The secret key required to complete authentication could not be found.',
        'AccessKeyUnknown',
      ],
      [
        403,
        'SignatureDoesNotMatch',
        'The required information to complete authentication was not provided.',
        'CredentialsInvalid',
      ],
    ],
    general: {
      [FORM]:
        '400 CannotParseRequest InvalidParameter MissingParameter; 404 InvalidParameter NotFound; 422 UnprocessableEntity; 431 RequestHeaderFieldsTooLarge',
      [STATUS]:
        '403 NotAuthorized NotAllowed; 412 NoEtagMatch; 413 PayloadTooLarge; 500 InternalServerError; 501 MethodNotImplemented',
    },
    unmet: {
      [BUCKETS]:
        '400 RelatedResourceNotAuthorizedOrNotFound; 409 Conflict ExternalServerIncorrectState IncorrectState InvalidatedRetryToken NotAuthorizedOrResourceAlreadyExists',
    },
  },
  {
    provider: 'IBM Cloud Object Storage',
    source: 'https://cloud.ibm.com/docs/cloud-object-storage?topic=cloud-object-storage-compatibility-common',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsInvalid: '403 InvalidSecurity',
      AccessDenied: '403 AccessDenied',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      WrongRegion: '307 Redirect TemporaryRedirect',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectArchived: '403 InvalidObjectState',
      PreconditionFailed: '412 PreconditionFailed',
      BodyTooLarge: '400 EntityTooLarge MaxMessageLengthExceeded',
      NotImplemented: '405 MethodNotAllowed; 501 NotImplemented',
      Throttled: '503 SlowDown',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 409 OperationAborted; 400 RequestTimeout',
    },
    general: {
      [FORM]:
        '400 BadDigest BadRequest EntityTooSmall IncompleteBody InvalidArgument InvalidDigest InvalidPart InvalidPartOrder InvalidRequest InvalidURI KeyTooLong MalformedXML MetadataTooLarge MissingRequestBodyError UnexpectedContent; 411 MissingContentLength; 416 InvalidRange',
    },
    unmet: {
      [BUCKETS]:
        '400 IllegalVersioningConfigurationException InvalidLocationConstraint MalformedACLError TooManyBuckets; 409 BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty InvalidBucketState',
      [FORMS]:
        '400 CredentialsNotSupported IncorrectNumberOfFilesInPostRequest InlineDataTooLarge MalformedPOSTRequest MaxPostPreDataLengthExceededError RequestIsNotMultiPartContent UserKeyMustBeSpecified',
    },
  },
  {
    provider: 'DigitalOcean Spaces',
    source: 'https://docs.digitalocean.com/reference/api/spaces/: the codes are those of Ceph RGW, which runs it',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      AccessDenied: '403 AccessDenied',
      AccountSuspended: '403 UserSuspended',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      PreconditionFailed: '412 PreconditionFailed',
      BodyTooLarge: '400 EntityTooLarge',
      NotImplemented: '405 MethodNotAllowed; 501 NotImplemented',
      Throttled: '503 SlowDown',
      QuotaExceeded: '403 QuotaExceeded',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 400 RequestTimeout; 408 RequestTimeout',
    },
    general: {
      [FORM]:
        '400 BadDigest InvalidArgument InvalidDigest InvalidObjectName InvalidPart InvalidPartOrder EntityTooSmall MalformedXML; 411 MissingContentLength; 416 InvalidRange; 422 UnprocessableEntity',
    },
    unmet: { [BUCKETS]: '400 TooManyBuckets UnresolvableGrantByEmailAddress; 409 BucketAlreadyExists BucketNotEmpty' },
  },
];
