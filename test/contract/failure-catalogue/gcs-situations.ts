import { answers, onlyPretends, withHeaders } from '../../servers/fault-server/acts.ts';
import { BUCKET } from './places.ts';
import { codes, situation, type FaultCase } from './fault-case.ts';
import {
  full,
  kmsDenied,
  kmsDisabled,
  kmsMissing,
  requesterPays,
  notSupported,
  refused,
  rejected,
  suspended,
  throttled,
  unavailable,
  verdict,
} from './verdicts.ts';

const GCS = ['GCS'] as const;
const storageAdmin = /roles\/storage\.admin/;

/** The reasons of GCS's JSON API, and the codes of its XML API for signed URLs. */
export const GCS_SITUATIONS: readonly FaultCase[] = [
  ...codes(GCS, 'list', [
    [401, 'authError', ['Authenticated', 'CredentialsInvalid', /keys create/]],
    [401, 'required', ['Authenticated', 'CredentialsInvalid', /keys create/]],
    [403, 'accountDisabled', suspended],
    [403, 'userProjectAccountProblem', suspended],
    [404, 'notFound', ['BucketExists', 'BucketNotFound', /buckets create/]],
    [400, 'invalidBucketName', ['NameValid', 'BucketNameInvalid', /spec\.bucket\.name/]],
    [403, 'forbidden', ['CanList', 'ListDenied', storageAdmin]],
    [403, 'insufficientPermissions', ['CanList', 'ListDenied', storageAdmin]],
    [400, 'userProjectMissing', requesterPays],
    [403, 'accessNotConfigured', ['CanList', 'ApiDisabled', /services enable storage\.googleapis\.com/]],
    [
      403,
      'forbidden',
      ['CanList', 'NetworkDenied', /ip_filter/],
      { message: "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: a1b2" },
    ],
    [
      403,
      'forbidden',
      ['CanList', 'NetworkDenied', /perimeter/],
      { message: 'There is an IP filtering condition that is preventing access to the resource.' },
    ],
    [403, 'sslRequired', refused('CanList')],
    [403, 'countryBlocked', refused('CanList')],
    [429, 'rateLimitExceeded', throttled('CanList')],
    [403, 'userRateLimitExceeded', throttled('CanList')],
    [403, 'quotaExceeded', full('CanList')],
    [500, 'internalError', unavailable('CanList')],
    [503, 'backendError', unavailable('CanList')],
    [501, 'notImplemented', notSupported('CanList')],
    [400, 'invalid', refused('CanList')],
  ]),
  ...codes(GCS, 'create', [
    [403, 'forbidden', ['CanWrite', 'WriteDenied', storageAdmin]],
    [
      403,
      'forbidden',
      kmsDenied('KmsUsable'),
      { message: "Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on resource" },
    ],
    [400, 'cloudKmsDisabledKey', kmsDisabled('KmsUsable')],
    [400, 'cloudKmsBadKey', kmsMissing('KmsUsable')],
    [400, 'cloudKmsEncryptionKeyNotFound', kmsMissing('KmsUsable')],
    [400, 'cloudKmsKeyLocationNotAllowed', kmsMissing('KmsUsable')],
    [412, 'conditionNotMet', refused('CanWrite')],
    [412, 'orgPolicyConstraintFailed', refused('CanWrite')],
    [429, 'rateLimitExceeded', throttled('CanWrite')],
    [403, 'quotaExceeded', full('CanWrite')],
    [503, 'backendError', unavailable('CanWrite')],
  ]),
  ...codes(GCS, 'read', [
    [403, 'forbidden', ['CanRead', 'ReadDenied', storageAdmin]],
    [403, 'forbidden', kmsDenied('KmsUsable'), { message: "Permission 'cloudkms.useToDecrypt' denied" }],
    [404, 'notFound', ['CanRead', 'ReadBackMissing', /replicas/]],
    [503, 'backendError', unavailable('CanRead')],
  ]),
  ...codes(GCS, 'remove', [
    [403, 'forbidden', ['CanDelete', 'DeleteDenied', storageAdmin]],
    [403, 'retentionPolicyNotMet', ['CanDelete', 'ObjectsRetained', /retention/]],
    [403, 'objectUnderActiveHold', ['CanDelete', 'ObjectsRetained', /hold/]],
    [429, 'rateLimitExceeded', throttled('CanDelete')],
    [500, 'internalError', unavailable('CanDelete')],
  ]),
  ...codes(GCS, 'presigned PUT', [
    [403, 'SignatureDoesNotMatch', rejected],
    [403, 'AccessDenied', rejected],
    [400, 'ExpiredToken', rejected],
    [403, 'RequestTimeTooSkewed', rejected],
    [503, 'ServiceUnavailable', unavailable('PresignedUrls')],
  ]),
  ...codes(GCS, 'presigned GET', [[403, 'AccessDenied', rejected]]),
  ...codes(GCS, 'presigned HEAD', [[403, 'AccessDenied', rejected]]),
  ...codes(GCS, 'presigned DELETE', [[403, 'AccessDenied', rejected]]),
  situation(GCS, 'a write that stores nothing', ['create', onlyPretends], {
    check: 'CanRead',
    reason: 'ReadBackMissing',
    remedy: /replicas/,
  }),
  situation(GCS, 'an object without a generation', ['read', withHeaders({ 'x-goog-generation': '' })], {
    ...verdict(['CanRead', 'NotAnObjectStore', /stands before the store/]),
  }),
  situation(
    GCS,
    'another object is confirmed',
    [
      'create',
      answers({ status: 200, body: '{"kind":"storage#object","bucket":"other","name":"x","generation":"1"}' }),
    ],
    verdict(['CanWrite', 'NotAnObjectStore', /stands before the store/]),
  ),
  situation(
    GCS,
    'anybody may list the bucket',
    [
      'anonymous list',
      answers({ status: 200, body: `<ListBucketResult xmlns='x'><Name>${BUCKET}</Name></ListBucketResult>` }),
    ],
    { check: 'NotPublic', reason: 'BucketPublic', remedy: /public-access-prevention/ },
  ),
  situation(
    GCS,
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
