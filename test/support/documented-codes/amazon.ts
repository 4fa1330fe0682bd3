import { BUCKETS, FEATURES, FORM, FORMS, SETTING, STATUS, type DocumentedPage } from './page.ts';

export const AMAZON: readonly DocumentedPage[] = [
  {
    provider: 'Amazon S3',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
    dialect: 's3',
    rows: {
      AccessKeyUnknown: '403 InvalidAccessKeyId',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      CredentialsInvalid: '403 InvalidSecurity; 400 InvalidToken MissingSecurityHeader',
      CredentialsExpired: '400 ExpiredToken TokenRefreshRequired',
      AccessDenied: '403 AccessDenied',
      AccountSuspended: '403 AccountProblem AllAccessDisabled InvalidPayer NotSignedUp UnauthorizedAccessError',
      ClockSkewed: '403 RequestTimeTooSkewed',
      BucketNotFound: '404 NoSuchBucket',
      BucketNameInvalid: '400 InvalidBucketName',
      WrongRegion:
        '301 PermanentRedirect; 307 Redirect TemporaryRedirect; 400 IllegalLocationConstraintException IncorrectEndpoint',
      ObjectNotFound: '404 NoSuchKey NoSuchUpload',
      ObjectArchived: '403 InvalidObjectState',
      PreconditionFailed: '412 PreconditionFailed; 409 ConditionalRequestConflict',
      BodyTooLarge: '400 EntityTooLarge MaxMessageLengthExceeded',
      NotImplemented: '501 NotImplemented; 405 MethodNotAllowed',
      RequestRefused: '403 MissingAuthenticationToken UnexpectedIPError',
      KmsKeyNotFound: '400 KMS.NotFoundException',
      KmsKeyDisabled: '400 KMS.DisabledException KMS.KMSInvalidStateException KMS.InvalidKeyUsageException',
      Throttled: '503 SlowDown; 400 ThrottlingException',
      ServiceUnavailable: '500 InternalError; 503 ServiceUnavailable; 409 OperationAborted; 400 RequestTimeout',
    },
    said: [
      [403, 'AccessDenied', 'User is not authorized to perform: kms:Decrypt on resource', 'KmsAccessDenied'],
      [403, 'AccessDenied', 'Access Denied because object protected by object lock.', 'ObjectRetained'],
      [403, 'AccessDenied', 'Request has expired', 'ClockSkewed'],
      [400, 'AuthorizationHeaderMalformed', "the region 'us-east-1' is wrong; expecting 'eu-west-1'", 'WrongRegion'],
      [400, 'AuthorizationHeaderMalformed', 'a non-empty Access Key (AKID) must be provided', 'AccessKeyUnknown'],
      [400, 'AuthorizationQueryParametersError', 'the Credential is mal-formed', 'AccessKeyUnknown'],
      [403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.', 'CorsRuleMismatch'],
      [403, 'AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.', 'AccessDenied'],
    ],
    general: {
      [FORM]:
        '400 AuthorizationHeaderMalformed AuthorizationQueryParametersError BadDigest BadRequest EntityTooSmall IncompleteBody InvalidArgument InvalidDigest InvalidHostHeader InvalidHttpMethod InvalidPart InvalidPartOrder InvalidRequest InvalidSignature InvalidURI KeyTooLongError MalformedXML MetadataTooLarge MissingRequestBodyError MissingSecurityElement RequestHeaderSectionTooLarge UnexpectedContent UnsupportedArgument UnsupportedSignature XAmzContentSHA256Mismatch; 411 MissingContentLength; 416 InvalidRange',
      [STATUS]: '403 AccessForbidden; 404 NoSuchBucketPolicy NoSuchVersion',
      [SETTING]:
        '404 NoSuchCORSConfiguration NoSuchLifecycleConfiguration ObjectLockConfigurationNotFoundError ServerSideEncryptionConfigurationNotFoundError NoSuchObjectLockConfiguration',
      'the spec or a setting of the bucket that a sentence in general names best by its code':
        '400 InvalidBucketOwnerAWSAccountID InvalidEncryptionAlgorithmError InvalidStorageClass',
    },
    unmet: {
      [BUCKETS]:
        '400 AccessControlListNotSupported AmbiguousGrantByEmailAddress BucketHasAccessPointsAttached IllegalVersioningConfigurationException InvalidBucketAclWithObjectOwnership InvalidLocationConstraint InvalidPolicyDocument InvalidTargetBucketForLogging MalformedACLError MalformedPolicy NoLoggingStatusForKey TooManyBuckets UnresolvableGrantByEmailAddress; 403 CrossLocationLoggingProhibited; 404 NoSuchPublicAccessBlockConfiguration NoSuchTagSet NoSuchWebsiteConfiguration OwnershipControlsNotFoundError ReplicationConfigurationNotFoundError; 409 BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty InvalidBucketState',
      [FORMS]:
        '400 CredentialsNotSupported IncorrectNumberOfFilesInPostRequest InlineDataTooLarge InvalidSOAPRequest InvalidTag MalformedPOSTRequest MaxPostPreDataLengthExceededError RequestIsNotMultiPartContent RequestTorrentOfBucketError UserKeyMustBeSpecified',
      [FEATURES]:
        '301 PermanentRedirectControlError; 400 ConnectionClosedByRequester DeviceNotActiveError EndpointNotFound InvalidAccessPoint InvalidAccessPointAliasError InvalidSessionException NotDeviceOwnerError ResponseInterrupted TokenCodeInvalidError TooManyAccessPoints; 404 NoSuchAccessPoint NoSuchAsyncRequest NoSuchMultiRegionAccessPoint NoSuchResource; 409 AccessPointAlreadyOwnedByYou ClientTokenConflict RestoreAlreadyInProgress',
    },
  },
  {
    provider: 'AWS STS',
    source:
      'https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html and the pages of AssumeRole and AssumeRoleWithWebIdentity; MinIO cmd/sts-errors.go; Ceph src/rgw/rgw_common.cc',
    dialect: 'sts',
    rows: {
      RoleNotAssumable: '403 AccessDenied AccessDeniedException; 404 NoSuchEntity',
      IssuerNotTrusted: '400 InvalidIdentityToken InvalidParameterValue; 403 IDPRejectedClaim',
      AccessKeyUnknown: '403 InvalidClientTokenId InvalidAccessKeyId UnrecognizedClientException',
      SignatureMismatch: '403 SignatureDoesNotMatch',
      ClockSkewed: '400 RequestExpired; 403 RequestTimeTooSkewed',
      AccountSuspended: '403 OptInRequired',
      IdentityRefused: '400 ExpiredToken; 403 ExpiredTokenException RegionDisabled RegionDisabledException',
      IdentityServiceUnavailable:
        '400 IDPCommunicationError Throttling ThrottlingException; 500 InternalError InternalFailure; 503 RequestLimitExceeded ServiceUnavailable STSIAMNotInitialized STSNotInitialized',
    },
    said: [
      [403, 'SignatureDoesNotMatch', 'Signature expired: 2026 is now earlier than 2026', 'ClockSkewed'],
      [403, 'SignatureDoesNotMatch', 'Signature not yet current: 2026 is still later than 2026', 'ClockSkewed'],
    ],
    general: {
      [FORM]:
        '400 InvalidAction MalformedHttpRequestException MalformedQueryString MissingAction MissingParameter NotAuthorized UnknownOperationException ValidationError; 403 IncompleteSignature MissingAuthenticationToken',
      'MinIO without TLS: the message has the code': '400 InsecureConnection',
    },
    unmet: {
      'session policies, certificates and other ways to sign in':
        '400 InvalidAuthorizationMessage InvalidClientCertificate InvalidClientGrantsToken MalformedPolicyDocument PackedPolicyTooLarge TooManyIntermediateCAs',
    },
  },
];
