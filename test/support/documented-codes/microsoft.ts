import { BUCKETS, FEATURES, FORM, STATUS, type DocumentedPage } from './page.ts';

export const MICROSOFT: readonly DocumentedPage[] = [
  {
    provider: 'Azure Blob Storage',
    source:
      'https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes and common-rest-api-error-codes; Azurite',
    dialect: 'azure',
    rows: {
      SignatureMismatch: '403 AuthenticationFailed',
      CredentialsInvalid: '401 InvalidAuthenticationInfo; 400 InvalidAuthenticationInfo',
      SharedKeyDisabled: '403 KeyBasedAuthenticationNotPermitted',
      AccessDenied:
        '403 AuthorizationFailure AuthorizationPermissionMismatch AuthorizationProtocolMismatch AuthorizationResourceTypeMismatch AuthorizationServiceMismatch AuthorizationSourceIPMismatch InsufficientAccountPermissions UnauthorizedBlobOverwrite; 401 NoAuthenticationInformation; 409 PublicAccessNotPermitted',
      AccountSuspended: '403 AccountIsDisabled; 409 ContainerDisabled',
      BucketNotFound: '404 ContainerNotFound ResourceNotFound',
      BucketNameInvalid: '400 InvalidResourceName',
      ObjectNotFound: '404 BlobNotFound',
      ObjectArchived: '409 BlobArchived BlobBeingRehydrated',
      ObjectRetained: '409 BlobImmutableDueToLegalHold BlobImmutableDueToPolicy',
      PreconditionFailed: '409 BlobAlreadyExists; 412 ConditionNotMet TargetConditionNotMet',
      NotImplemented:
        '405 UnsupportedHttpVerb; 400 UnsupportedHeader UnsupportedQueryParameter; 409 FeatureVersionMismatch; 400 BlobTypeNotSupported FeatureNotSupported; 501 APINotImplemented',
      BodyTooLarge: '413 RequestBodyTooLarge',
      KmsKeyNotFound: '403 KeyVaultEncryptionKeyNotFound KeyVaultVaultNotFound',
      KmsAccessDenied: '403 KeyVaultAccessTokenCannotBeAcquired',
      Throttled: '503 ServerBusy; 429 TooManyRequests',
      ServiceUnavailable: '500 InternalError OperationTimedOut; 409 AccountBeingCreated ContainerBeingDeleted',
    },
    said: [
      [403, 'AuthenticationFailed', "Request date header too old: 'Wed, 01 Jan 2026 00:00:00 GMT'", 'ClockSkewed'],
      [403, 'AuthenticationFailed', 'Signature not valid in the specified time frame', 'ClockSkewed'],
      [403, 'AuthorizationFailure', 'Server failed to authenticate the request.', 'SignatureMismatch'],
    ],
    general: {
      [FORM]:
        '400 BlockListTooLong ConditionHeadersNotSupported EmptyMetadataKey InvalidBlobOrBlock InvalidBlockId InvalidBlockList InvalidHeaderValue InvalidHttpVerb InvalidInput InvalidMd5 InvalidMetadata InvalidQueryParameterValue InvalidUri InvalidXmlDocument InvalidXmlNodeValue Md5Mismatch MetadataTooLarge MissingRequiredHeader MissingRequiredQueryParameter MissingRequiredXmlNode MultipleConditionHeadersNotSupported OutOfRangeInput OutOfRangeQueryParameterValue RequestUrlFailedToParse UnsupportedXmlNode; 409 InvalidBlobType ResourceTypeMismatch; 411 MissingContentLengthHeader; 416 InvalidRange',
      'a setting of the account that a sentence in general names best by its code':
        '400 AccountRequiresHttps; 409 BlobOperationNotSupported BlobUsesCustomerSpecifiedEncryption ContentLengthLargerThanTierLimit',
      [STATUS]: '412 LeaseIdMissing',
    },
    unmet: {
      [BUCKETS]:
        '409 AccountAlreadyExists AccountProtectedFromDeletion ContainerAlreadyExists ContainerHasLegalHold ContainerImmutabilityPolicyLocked ResourceAlreadyExists',
      'leases, snapshots, copies, tiers, page and append blobs':
        '400 BlobAccessTierNotSupportedForAccountType InvalidBlobTier InvalidPageRange InvalidSourceBlobUrl InvalidVersionForPageBlobOperation SequenceNumberIncrementTooLarge; 409 BlobNotArchived BlobOverwritten BlobTierInadequateForContentLength BlockCountExceedsLimit CannotChangeToLowerTier CopyAcrossAccountsNotSupported CopyIdMismatch IncrementalCopyBlobMismatch IncrementalCopyOfEarlierSnapshotNotAllowed IncrementalCopySourceMustBeSnapshot InvalidOperation InvalidSourceBlobType LeaseAlreadyBroken LeaseAlreadyPresent LeaseIdMismatchWithLeaseOperation LeaseIsBreakingAndCannotBeAcquired LeaseIsBreakingAndCannotBeChanged LeaseIsBrokenAndCannotBeRenewed LeaseNotPresentWithLeaseOperation NoPendingCopyOperation OperationNotAllowedOnIncrementalCopyBlob PendingCopyOperation PreviousSnapshotCannotBeNewer PreviousSnapshotOperationNotSupported SnapshotCountExceeded SnapshotOperationRateExceeded SnapshotsPresent SystemInUse; 412 AppendPositionConditionNotMet InfiniteLeaseDurationRequired LeaseIdMismatchWithBlobOperation LeaseLost LeaseNotPresentWithBlobOperation MaxBlobSizeConditionNotMet SequenceNumberConditionNotMet SourceConditionNotMet; 404 PreviousSnapshotNotFound; 500 CannotVerifyCopySource',
    },
  },
  {
    provider: 'Microsoft Entra',
    source:
      'https://learn.microsoft.com/entra/identity-platform/reference-error-codes and the pages of workload identity federation',
    dialect: 'entra',
    rows: {
      FederatedCredentialMissing: '401 AADSTS70021 AADSTS700211 AADSTS700212 AADSTS700213',
      IdentityNotFound: '400 AADSTS700011 AADSTS700016 AADSTS90002 AADSTS900023',
      IdentityServiceUnavailable:
        '400 AADSTS50033 AADSTS50196 AADSTS90006 AADSTS90012 AADSTS90024 AADSTS90033 AADSTS90055 AADSTS90090 AADSTS90091',
    },
    general: {
      'a sentence of its own, by the code': '400 AADSTS70001 AADSTS7000112 AADSTS53003 AADSTS530032',
      'the tenant or the application: the message has the code':
        '400 AADSTS50001 AADSTS500011 AADSTS50000 AADSTS50002 AADSTS500021 AADSTS500022 AADSTS50012 AADSTS50013 AADSTS500133 AADSTS50027 AADSTS50048 AADSTS50049 AADSTS50059 AADSTS50128 AADSTS650052 AADSTS650057 AADSTS700025 AADSTS700027 AADSTS700229 AADSTS90019 AADSTS90036 AADSTS90038 AADSTS90051 AADSTS900384 AADSTS1000031',
      [FORM]:
        '400 AADSTS28002 AADSTS70003 AADSTS70011 AADSTS700022 AADSTS700023 AADSTS90004 AADSTS90013 AADSTS90014 AADSTS900144 AADSTS90023 AADSTS9002313 AADSTS90100 AADSTS90117 AADSTS90121',
    },
    unmet: {
      'secrets and certificates of applications, which the operator does not use':
        '400 AADSTS70002 AADSTS700030 AADSTS7000215 AADSTS7000218 AADSTS7000222',
      [FEATURES]: '400 AADSTS50034 AADSTS50053 AADSTS50057 AADSTS50076 AADSTS50105 AADSTS65001 AADSTS70008',
    },
  },
];
