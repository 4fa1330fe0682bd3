import { answers, html, onlyPretends, refuses, withBody, withHeaders } from '../../servers/fault-server/acts.ts';
import type { FaultBehaviour } from '../../servers/fault-server/fault.ts';
import { codes, S3_CODES, S3_KINDS, situation, type FaultCase } from './fault-case.ts';
import {
  full,
  kmsDenied,
  kmsDisabled,
  kmsMissing,
  archived,
  notSignedUp,
  notSupported,
  refused,
  rejected,
  suspended,
  throttled,
  unavailable,
  unpaid,
} from './verdicts.ts';

const region = 'eu-west-1';
const elsewhere = ['RegionMatches', 'RegionMismatch', /region to eu-west-1/] as const;

/** A store that knows no conditional creation. */
const knowsNoConditions = refusesConditions(501);

/** Stores have no common answer to that. */
function refusesConditions(status: 400 | 412 | 501): FaultBehaviour {
  const code = { 400: 'InvalidArgument', 412: 'PreconditionFailed', 501: 'NotImplemented' }[status];
  return ({ asked, refuse, serve }) =>
    asked.headers['if-none-match'] === undefined ? serve() : refuse({ status, code });
}

/** AWS refuses a preflight for its headers as it does for its method. */
const refusesHeaders: FaultBehaviour = ({ asked, refuse, serve }) =>
  asked.headers['access-control-request-headers'] === undefined
    ? serve()
    : refuse({ status: 403, code: 'AccessForbidden', message: 'CORSResponse: This CORS request is not allowed.' });

/** The codes of AWS, MinIO and Ceph RGW: they are spoken by all that speaks S3. */
export const S3_SITUATIONS: readonly FaultCase[] = [
  ...codes(S3_KINDS, 'list', [
    [403, 'InvalidAccessKeyId', ['Authenticated', 'AccessKeyUnknown', /ACCESS_KEY/]],
    [403, 'SignatureDoesNotMatch', ['Authenticated', 'SecretKeyWrong', /SECRET_KEY/]],
  ]),
  ...codes(S3_CODES, 'list', [
    [401, 'Unauthorized', ['Authenticated', 'CredentialsInvalid', /ACCESS_KEY/]],
    [
      403,
      'AccessDenied',
      ['Authenticated', 'AccessKeyUnknown', /ACCESS_KEY/],
      { message: 'Forbidden: No such key: GK0123456789abcdef' },
    ],
    [
      403,
      'AccessDenied',
      ['Authenticated', 'SecretKeyWrong', /SECRET_KEY/],
      { message: 'Forbidden: Invalid signature' },
    ],
    [403, 'UserDisable', suspended],
    [403, 'InvalidClientTokenId', ['Authenticated', 'AccessKeyUnknown', /ACCESS_KEY/]],
    [400, 'ExpiredToken', ['Authenticated', 'CredentialsExpired', /key that does not expire/]],
    [400, 'TokenRefreshRequired', ['Authenticated', 'CredentialsExpired', /key that does not expire/]],
    [403, 'AllAccessDisabled', suspended],
    [403, 'AccountProblem', suspended],
    [403, 'NotSignedUp', notSignedUp],
    [403, 'AccountNotActivated', notSignedUp],
    [403, 'InDebt', unpaid],
    [402, 'PaymentRequired', unpaid],
    [403, 'BucketDisable', suspended],
    [403, 'UserSuspended', suspended],
    [403, 'RequestTimeTooSkewed', ['ClockInSync', 'ClockSkewed', /NTP/]],
    [404, 'NoSuchBucket', ['BucketExists', 'BucketNotFound', /create the bucket/]],
    [400, 'InvalidBucketName', ['NameValid', 'BucketNameInvalid', /spec\.bucket\.name/]],
    [
      400,
      'AuthorizationHeaderMalformed',
      ['Authenticated', 'AccessKeyUnknown', /ACCESS_KEY/],
      { message: 'a non-empty Access Key (AKID) must be provided in the credential.' },
    ],
    [403, 'AccessDenied', ['CanList', 'ListDenied', /s3:ListBucket/]],
    [503, 'SlowDown', throttled('CanList')],
    [503, 'SlowDownRead', throttled('CanList')],
    [429, 'TooManyRequests', throttled('CanList')],
    [503, 'RequestLimitExceeded', throttled('CanList')],
    [403, 'AuthenticationLockout', throttled('CanList')],
    [500, 'InternalError', unavailable('CanList')],
    [503, 'ServiceUnavailable', unavailable('CanList')],
    [503, 'XMinioServerNotInitialized', unavailable('CanList')],
    [409, 'OperationAborted', unavailable('CanList')],
    [400, 'RequestTimeout', unavailable('CanList')],
    [400, 'UserNetworkTooSlow', unavailable('CanList')],
    [501, 'NotImplemented', notSupported('CanList')],
    [405, 'MethodNotAllowed', notSupported('CanList')],
    [400, 'MalformedXML', refused('CanList')],
  ]),
  ...codes(
    S3_CODES,
    ['list', 'region'],
    [
      [301, 'PermanentRedirect', elsewhere, { region }],
      [307, 'TemporaryRedirect', elsewhere, { region }],
      [400, 'AuthorizationHeaderMalformed', elsewhere, { region }],
      [400, 'IllegalLocationConstraintException', elsewhere, { region }],
      [400, 'InvalidRegion', ['RegionMatches', 'RegionMismatch', /to the region of the bucket/]],
    ],
  ),
  ...codes(S3_CODES, 'create', [
    [403, 'AccessDenied', ['CanWrite', 'WriteDenied', /s3:PutObject/]],
    [
      403,
      'AccessDenied',
      kmsDenied('KmsUsable'),
      { message: 'User is not authorized to perform: kms:GenerateDataKey on resource' },
    ],
    [400, 'KMS.NotFoundException', kmsMissing('KmsUsable')],
    [400, 'KMS.DisabledException', kmsDisabled('KmsUsable')],
    [400, 'KMS.KMSInvalidStateException', kmsDisabled('KmsUsable')],
    [400, 'KMS.InvalidKeyUsageException', kmsDisabled('KmsUsable')],
    [
      501,
      'NotImplemented',
      ['KmsUsable', 'KmsNotConfigured', /KMS/],
      { message: 'Server side encryption specified but KMS is not configured' },
    ],
    [403, 'QuotaExceeded', full('CanWrite')],
    [403, 'AccessDenied', full('CanWrite'), { message: 'Cannot upload files, storage cap exceeded.' }],
    [400, 'ThrottlingException', throttled('CanWrite')],
    [507, 'XMinioStorageFull', full('CanWrite')],
    [400, 'XMinioAdminBucketQuotaExceeded', full('CanWrite')],
    [503, 'SlowDown', throttled('CanWrite')],
    [503, 'SlowDownWrite', throttled('CanWrite')],
    [500, 'InternalError', unavailable('CanWrite')],
    [412, 'PreconditionFailed', refused('CanWrite')],
    [400, 'BadDigest', refused('CanWrite')],
  ]),
  situation(S3_KINDS, 'create: a page with 403', ['create', html(403)], {
    check: 'CanWrite',
    reason: 'RequestRefused',
    remedy: /firewall/,
  }),
  situation(S3_KINDS, 'create: without an ETag', ['create', withHeaders({ etag: '' })], {
    check: 'CanWrite',
    reason: 'NotAnObjectStore',
    remedy: /ETag/,
  }),
  situation(['S3Compatible'], 'a body limit on the way', ['announced PUT', html(413)], {
    check: 'PresignedUrls',
    reason: 'BodyTooLarge',
    remedy: /client_max_body_size/,
  }),
  ...codes(['S3Compatible'], 'announced PUT', [
    [400, 'EntityTooLarge', ['PresignedUrls', 'BodyTooLarge', /proxy-body-size/]],
  ]),
  ...codes(['S3Compatible'], 'list', [
    [403, 'SecondLevelDomainForbidden', ['BucketExists', 'AddressingRefused', /addressing to VirtualHosted/]],
    [404, 'NoSuchKey', ['BucketExists', 'EndpointHoldsBucket', /without the bucket in its host/]],
  ]),
  situation(
    ['S3Compatible'],
    'a list of all buckets in place of one',
    ['list', answers({ status: 200, body: '<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>' })],
    { check: 'BucketExists', reason: 'AddressingRefused', remedy: /addressing/ },
  ),
  situation(
    ['S3Compatible'],
    'a redirect to another endpoint',
    ['list', refuses(307, 'TemporaryRedirect', { headers: { location: 'https://other.test/omega-data' } })],
    { check: 'BucketExists', reason: 'EndpointMismatch', remedy: /endpoint to https:\/\/other\.test\./ },
  ),
  situation(
    ['S3Compatible'],
    'a redirect to the same host by https',
    ['list', answers({ status: 301, headers: { location: 'https://store.test/', 'content-type': 'text/html' } })],
    { check: 'BucketExists', reason: 'EndpointMismatch', remedy: /endpoint to https:\/\/store\.test\./ },
  ),
  situation(S3_KINDS, 'conditional creation refused as an argument', ['create', refusesConditions(400)], {
    check: 'CanWrite',
    result: 'Warn',
    reason: 'ConditionalWritesUnsupported',
    remedy: /newer version/,
  }),
  situation(S3_KINDS, 'conditional creation refused for what is not there', ['create', refusesConditions(412)], {
    check: 'CanWrite',
    result: 'Warn',
    reason: 'ConditionalWritesUnsupported',
    remedy: /newer version/,
  }),
  situation(S3_KINDS, 'no conditional creation', ['create', knowsNoConditions], {
    check: 'CanWrite',
    result: 'Warn',
    reason: 'ConditionalWritesUnsupported',
    remedy: /newer version/,
  }),
  ...codes(S3_CODES, 'read', [
    [403, 'AccessDenied', ['CanRead', 'ReadDenied', /s3:GetObject/]],
    [403, 'AccessDenied', kmsDenied('KmsUsable'), { message: 'not authorized to perform: kms:Decrypt' }],
    [400, 'KMS.DisabledException', kmsDisabled('KmsUsable')],
    [404, 'NoSuchKey', ['CanRead', 'ReadBackMissing', /replicas/]],
    [403, 'InvalidObjectState', archived],
    [503, 'SlowDown', throttled('CanRead')],
  ]),
  ...codes(S3_CODES, 'remove', [
    [403, 'AccessDenied', ['CanDelete', 'DeleteDenied', /s3:DeleteObject/]],
    [403, 'ObjectLockedByBucketPolicy', ['CanDelete', 'ObjectsRetained', /default retention/]],
    [405, 'MethodNotAllowed', notSupported('CanDelete')],
    [400, 'InvalidRequest', refused('CanDelete')],
    [500, 'InternalError', unavailable('CanDelete')],
  ]),
  ...codes(S3_CODES, 'presigned PUT', [
    [403, 'AccessDenied', rejected],
    [403, 'SignatureDoesNotMatch', rejected],
    [400, 'AuthorizationQueryParametersError', rejected],
    [503, 'SlowDown', throttled('PresignedUrls')],
  ]),
  ...codes(S3_CODES, 'presigned GET', [
    [403, 'AccessDenied', rejected, { message: 'Request has expired' }],
    [400, 'ExpiredToken', rejected],
  ]),
  ...codes(S3_CODES, 'presigned HEAD', [[403, 'AccessDenied', rejected]]),
  ...codes(S3_CODES, 'presigned DELETE', [[403, 'AccessDenied', rejected]]),
  ...codes(
    S3_KINDS,
    ['preflight GET', 'preflight HEAD', 'preflight PUT'],
    [
      [403, 'SignatureDoesNotMatch', ['CorsAllowsApp', 'PreflightSignatureChecked', /Upgrade the store/]],
      [
        403,
        'AccessForbidden',
        ['CorsAllowsApp', 'CorsOriginNotAllowed', /CORS rule/],
        { message: 'CORSResponse: This CORS request is not allowed.' },
      ],
    ],
  ),
  situation(S3_KINDS, 'a rule that allows no header of an upload', ['preflight PUT', refusesHeaders], {
    check: 'CorsAllowsApp',
    reason: 'CorsHeaderNotAllowed',
    remedy: /headers \*/,
  }),
  situation(
    ['S3'],
    'the location of the bucket is another',
    [
      'location',
      withBody('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>'),
    ],
    {
      check: 'RegionMatches',
      reason: 'RegionMismatch',
      remedy: /region to eu-west-1/,
    },
  ),
  situation(['S3'], 'another account owns the bucket', ['owner', refuses(403, 'AccessDenied')], {
    check: 'OwnerMatches',
    reason: 'BucketOwnerMismatch',
    remedy: /expectedBucketOwner/,
  }),
  situation(
    ['S3Compatible', 'CoreWeave'],
    'the store does not say whether there is a bucket',
    ['list', refuses(403, 'AccessDenied')],
    {
      check: 'BucketExists',
      result: 'Unknown',
      reason: 'HiddenByStore',
    },
  ),
  situation(
    S3_KINDS,
    'the region is refused that the bucket is said to be in',
    ['list', refuses(400, 'InvalidRegion')],
    {
      check: 'RegionMatches',
      reason: 'RegionMismatch',
      remedy: /to the region of the bucket/,
    },
  ),
  situation(
    S3_KINDS,
    'success with an error in the body',
    ['list', ({ refuse }) => ({ ...refuse({ status: 500, code: 'InternalError' }), status: 200 })],
    {
      check: 'CanList',
      reason: 'StoreUnavailable',
      remedy: /health of the store/,
    },
  ),
  situation(
    S3_KINDS,
    'browsers may not read the ETag',
    ['presigned PUT', withHeaders({ 'access-control-expose-headers': '' })],
    {
      check: 'CorsAllowsApp',
      reason: 'CorsETagNotExposed',
      remedy: /ETag/,
    },
  ),
  situation(S3_KINDS, 'a write that stores nothing', ['create', onlyPretends], {
    check: 'CanRead',
    reason: 'ReadBackMissing',
    remedy: /replicas/,
  }),
];
