import type { ErrorCodes } from '../../domain/observations/error-codes.ts';

/** Codes of Azure's Blob service and of Azurite. A code that is not here is read by its HTTP status. */
export const AZURE_CODES: ErrorCodes = {
  SignatureMismatch: ['AuthenticationFailed'],
  CredentialsInvalid: ['InvalidAuthenticationInfo'], // a token of another tenant or audience, or an expired one
  SharedKeyDisabled: ['KeyBasedAuthenticationNotPermitted'],
  AccessDenied: [
    'AuthorizationFailure',
    'AuthorizationPermissionMismatch',
    'AuthorizationProtocolMismatch',
    'AuthorizationResourceTypeMismatch',
    'AuthorizationServiceMismatch',
    'AuthorizationSourceIPMismatch',
    'InsufficientAccountPermissions',
    'NoAuthenticationInformation',
    'PublicAccessNotPermitted',
    'UnauthorizedBlobOverwrite',
  ],
  AccountSuspended: ['AccountIsDisabled', 'ContainerDisabled'],
  BucketNotFound: [
    'ContainerNotFound',
    'ResourceNotFound', // no container; on emulators, whose account is not part of the host name, also no account
  ],
  BucketNameInvalid: ['InvalidResourceName'],
  ObjectNotFound: ['BlobNotFound'],
  ObjectArchived: ['BlobArchived', 'BlobBeingRehydrated'],
  ObjectRetained: ['BlobImmutableDueToLegalHold', 'BlobImmutableDueToPolicy'],
  PreconditionFailed: ['BlobAlreadyExists', 'ConditionNotMet', 'TargetConditionNotMet'],
  NotImplemented: [
    'APINotImplemented',
    'BlobTypeNotSupported', // accounts of premium page blobs hold no block blobs
    'FeatureNotSupported',
    'FeatureVersionMismatch',
    'UnsupportedHeader',
    'UnsupportedHttpVerb',
    'UnsupportedQueryParameter',
  ],
  BodyTooLarge: ['RequestBodyTooLarge'],
  KmsKeyNotFound: ['KeyVaultEncryptionKeyNotFound', 'KeyVaultVaultNotFound'],
  KmsAccessDenied: ['KeyVaultAccessTokenCannotBeAcquired'],
  Throttled: ['ServerBusy', 'TooManyRequests'],
  ServiceUnavailable: ['AccountBeingCreated', 'ContainerBeingDeleted', 'InternalError', 'OperationTimedOut'],
};

/** Numbers of Microsoft Entra's token service. */
export const ENTRA_CODES: ErrorCodes = {
  FederatedCredentialMissing: [
    'AADSTS70021',
    'AADSTS700211', // no match for the issuer
    'AADSTS700212', // no match for the audience
    'AADSTS700213', // no match for the subject
  ],
  IdentityNotFound: [
    'AADSTS700011', // no such client in the directory
    'AADSTS700016', // no such client in the tenant
    'AADSTS90002', // no such tenant
    'AADSTS900023', // neither a tenant's id nor its domain
  ],
  // Whatever their HTTP status is, they pass.
  IdentityServiceUnavailable: [
    'AADSTS50033',
    'AADSTS50196', // too many requests
    'AADSTS90006',
    'AADSTS90012',
    'AADSTS90024',
    'AADSTS90033',
    'AADSTS90055', // too many requests of the tenant
    'AADSTS90090',
    'AADSTS90091',
  ],
};
