import { onlyPretends, withHeaders } from '../../servers/fault-server/acts.ts';
import { codes, situation, type FaultCase } from './fault-case.ts';
import {
  kmsDenied,
  archived,
  kmsMissing,
  notSupported,
  refused,
  rejected,
  suspended,
  throttled,
  unavailable,
  verdict,
} from './verdicts.ts';

const AZURE = ['AzureBlob'] as const;
const firewall = /network-rule list/;
const denied = ['CanList', 'ListDenied', firewall] as const;

/** The codes of Azure's Blob service. */
export const AZURE_SITUATIONS: readonly FaultCase[] = [
  ...codes(AZURE, 'list', [
    [403, 'AuthenticationFailed', ['Authenticated', 'SecretKeyWrong', /AZURE_STORAGE_KEY/]],
    [
      403,
      'AuthenticationFailed',
      ['ClockInSync', 'ClockSkewed', /NTP/],
      { message: "Request date header too old: 'Tue, 24 Nov 2026 00:00:00 GMT'" },
    ],
    [403, 'KeyBasedAuthenticationNotPermitted', ['Authenticated', 'SharedKeyDisabled', /--allow-shared-key-access/]],
    [403, 'AccountIsDisabled', suspended],
    [409, 'AccountBeingCreated', unavailable('CanList')],
    [403, 'AuthorizationFailure', denied],
    [403, 'AuthorizationPermissionMismatch', denied],
    [403, 'AuthorizationProtocolMismatch', denied],
    [403, 'AuthorizationSourceIPMismatch', denied],
    [403, 'AuthorizationServiceMismatch', denied],
    [403, 'AuthorizationResourceTypeMismatch', denied],
    [403, 'InsufficientAccountPermissions', denied],
    [404, 'ContainerNotFound', ['BucketExists', 'BucketNotFound', /container create/]],
    [404, 'ResourceNotFound', ['BucketExists', 'BucketNotFound', /container create/]],
    [409, 'ContainerBeingDeleted', unavailable('CanList')],
    [400, 'InvalidResourceName', ['NameValid', 'BucketNameInvalid', /spec\.bucket\.name/]],
    [503, 'ServerBusy', throttled('CanList')],
    [500, 'InternalError', unavailable('CanList')],
    [500, 'OperationTimedOut', unavailable('CanList')],
    [400, 'AccountRequiresHttps', refused('CanList')],
    [400, 'FeatureVersionMismatch', notSupported('CanList')],
    [501, 'APINotImplemented', notSupported('CanList')],
  ]),
  ...codes(AZURE, 'create', [
    [403, 'AuthorizationPermissionMismatch', ['CanWrite', 'WriteDenied', firewall]],
    [403, 'AuthorizationFailure', ['CanWrite', 'WriteDenied', firewall]],
    [409, 'BlobAlreadyExists', refused('CanWrite')],
    [403, 'KeyVaultEncryptionKeyNotFound', kmsMissing('KmsUsable')],
    [403, 'KeyVaultVaultNotFound', kmsMissing('KmsUsable')],
    [403, 'KeyVaultAccessTokenCannotBeAcquired', kmsDenied('KmsUsable')],
    [409, 'BlobTypeNotSupported', notSupported('CanWrite')],
    [409, 'FeatureNotSupported', notSupported('CanWrite')],
    [503, 'ServerBusy', throttled('CanWrite')],
    [500, 'InternalError', unavailable('CanWrite')],
  ]),
  ...codes(AZURE, 'read', [
    [403, 'AuthorizationPermissionMismatch', ['CanRead', 'ReadDenied', firewall]],
    [404, 'BlobNotFound', ['CanRead', 'ReadBackMissing', /replicas/]],
    [409, 'BlobArchived', archived],
    [503, 'ServerBusy', throttled('CanRead')],
  ]),
  ...codes(AZURE, 'remove', [
    [403, 'AuthorizationPermissionMismatch', ['CanDelete', 'DeleteDenied', firewall]],
    [409, 'BlobImmutableDueToPolicy', ['CanDelete', 'ObjectsRetained', /immutability/]],
    [409, 'BlobImmutableDueToLegalHold', ['CanDelete', 'ObjectsRetained', /legal-hold clear/]],
    [412, 'LeaseIdMissing', refused('CanDelete')],
    [500, 'InternalError', unavailable('CanDelete')],
  ]),
  ...codes(AZURE, 'presigned PUT', [
    [403, 'AuthenticationFailed', rejected],
    [403, 'AuthenticationFailed', rejected, { message: 'Signature not valid in the specified time frame' }],
    [403, 'AuthorizationFailure', rejected],
    [403, 'AuthorizationSourceIPMismatch', rejected],
    [403, 'AuthorizationProtocolMismatch', rejected],
    [503, 'ServerBusy', throttled('PresignedUrls')],
  ]),
  ...codes(AZURE, 'presigned GET', [[403, 'AuthorizationPermissionMismatch', rejected]]),
  ...codes(AZURE, 'presigned HEAD', [[403, 'AuthorizationFailure', rejected]]),
  ...codes(AZURE, 'presigned DELETE', [[403, 'AuthorizationPermissionMismatch', rejected]]),
  situation(AZURE, 'a write that stores nothing', ['create', onlyPretends], {
    check: 'CanRead',
    reason: 'ReadBackMissing',
    remedy: /replicas/,
  }),
  situation(
    AZURE,
    'a success that no Blob service sent',
    ['create', withHeaders({ 'x-ms-request-id': '' })],
    verdict(['CanWrite', 'NotAnObjectStore', /stands before the store/]),
  ),
  situation(
    AZURE,
    'browsers may not read the ETag',
    ['presigned PUT', withHeaders({ 'access-control-expose-headers': '' })],
    {
      check: 'CorsAllowsApp',
      result: 'Warn',
      reason: 'CorsETagHidden',
      remedy: /ETag/,
    },
  ),
];
