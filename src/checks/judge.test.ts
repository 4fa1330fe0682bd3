import { describe, expect, it } from '@jest/globals';
import { CHECK_REASONS, checkReason } from './reasons/check-reasons.ts';
import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { err, ok } from '../base/result.ts';
import type { Row } from '../../test/checks/row.ts';
import { SIGN_IN_ROWS } from '../../test/checks/sign-in-rows.ts';
import { SETTINGS_ROWS } from '../../test/checks/settings-rows.ts';
import {
  APP,
  azureBlob,
  contextOf,
  endpointFails,
  gcs,
  goodObservations,
  goodSettings,
  listFails,
  minio,
  preflight,
  preflights,
  s3,
} from '../../test/fakes/observations.ts';
import { CATALOGUE } from './catalogue.ts';
import type { CheckContext, CheckResult } from './check.ts';
import { judgeAll } from './judge.ts';
import { mayIgnore } from './ignorable.ts';
import { isProven } from './roll-up.ts';

const denied: BucketFailure = { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' };
const compat = contextOf({ storage: minio });
const withOwner = contextOf({ storage: { ...s3, expectedBucketOwner: '111122223333' } });
const azure = contextOf({ storage: azureBlob, principal: 'the account key' });

const arrival: readonly Row[] = [
  { check: 'NameValid', reason: 'Passed', seen: goodObservations(), says: [] },
  {
    check: 'NameValid',
    reason: 'BucketNameInvalid',
    seen: { mode: 'Full', requests: 0 },
    context: contextOf({ storage: { ...s3, name: 'Acme_Data' } }),
    says: ['"Acme_Data"', 'lower-case', 'spec.bucket.name'],
  },
  {
    check: 'NameValid',
    reason: 'BucketNameNeedsWildcard',
    seen: goodObservations(),
    context: contextOf({ storage: { ...s3, name: 'acme.wandb' } }),
    says: ['acme.wandb', 'dot'],
  },
  {
    check: 'EndpointAllowed',
    reason: 'EndpointForbidden',
    seen: endpointFails({ kind: 'EndpointForbidden' }),
    context: compat,
    says: ['https://minio.acme.example:9000', 'spec.bucket.s3Compatible.endpoint', '--allowed-endpoints'],
  },
  {
    check: 'EndpointReachable',
    reason: 'EndpointNotResolved',
    seen: endpointFails({ kind: 'NameNotResolved', providerCode: 'ENOTFOUND' }),
    context: compat,
    says: ['(ENOTFOUND)', 'spec.bucket.s3Compatible.endpoint'],
  },
  {
    check: 'EndpointReachable',
    reason: 'ResolverUnavailable',
    seen: endpointFails({ kind: 'ResolverUnavailable' }),
    says: ['DNS', 'kubectl'],
  },
  {
    check: 'EndpointReachable',
    reason: 'ConnectionRefused',
    seen: endpointFails({ kind: 'ConnectionRefused', providerCode: 'ECONNREFUSED' }),
    context: compat,
    says: ['https://minio.acme.example:9000', 'ECONNREFUSED', 'Start the store'],
  },
  {
    check: 'EndpointReachable',
    reason: 'ConnectionTimedOut',
    seen: endpointFails({ kind: 'ConnectionTimedOut' }),
    says: ['https://s3.eu-central-1.amazonaws.com', 'NetworkPolicies'],
  },
  {
    check: 'EndpointReachable',
    reason: 'ConnectionReset',
    seen: listFails({ kind: 'ConnectionReset' }),
    says: ['cut before the answer'],
  },
  {
    check: 'EndpointReachable',
    reason: 'NetworkUnreachable',
    seen: endpointFails({ kind: 'NetworkUnreachable' }),
    says: ['no route'],
  },
  {
    check: 'EndpointReachable',
    reason: 'ProxyRefused',
    seen: endpointFails({ kind: 'ProxyRefused' }),
    says: ['proxy', 'NO_PROXY'],
  },
  {
    check: 'EndpointReachable',
    reason: 'DeadlineExceeded',
    seen: endpointFails({ kind: 'DeadlineExceeded' }),
    says: ['did not answer in time'],
  },
  {
    check: 'TlsTrusted',
    reason: 'TlsUntrusted',
    seen: endpointFails({ kind: 'TlsUntrusted', providerCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    context: compat,
    says: ['kubectl create configmap', 'caBundle.configMapKeyRef', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  },
  {
    check: 'TlsTrusted',
    reason: 'TlsUntrusted',
    seen: endpointFails({ kind: 'TlsUntrusted' }),
    context: contextOf({ storage: { ...minio, caBundle: { kind: 'ConfigMap', name: 'acme-ca', key: 'ca.crt' } } }),
    says: ['Correct ca.crt of ConfigMap acme-ca'],
  },
  {
    check: 'TlsTrusted',
    reason: 'TlsExpired',
    seen: endpointFails({ kind: 'TlsExpired' }),
    says: ['expired', 'Renew'],
  },
  {
    check: 'TlsTrusted',
    reason: 'TlsNameMismatch',
    seen: endpointFails({ kind: 'TlsNameMismatch' }),
    context: compat,
    says: ['another host', 'spec.bucket.s3Compatible.endpoint', 'spec.bucketChangePolicy: Allow'],
  },
  {
    check: 'TlsTrusted',
    reason: 'TlsHandshakeFailed',
    seen: endpointFails({ kind: 'TlsHandshakeFailed' }),
    context: compat,
    says: ['does not speak TLS', 'scheme'],
  },
  {
    check: 'TlsTrusted',
    reason: 'PlainHttp',
    seen: goodObservations({ endpoint: ok({ tls: false, route: 'direct' }) }),
    context: contextOf({ storage: { ...minio, endpoint: { ...minio.endpoint, scheme: 'http' } } }),
    says: ['http://minio.acme.example:9000', 'without TLS', 'published already', 'spec.bucketChangePolicy: Allow'],
  },
  {
    check: 'ClockInSync',
    reason: 'ClockSkewNoticeable',
    seen: goodObservations({ endpoint: ok({ tls: true, clockSkewSeconds: 61, route: 'direct' }) }),
    says: ['about 1 min ahead of', 'NTP'],
  },
  {
    check: 'ClockInSync',
    reason: 'ClockSkewed',
    seen: goodObservations({ endpoint: ok({ tls: true, clockSkewSeconds: -301, route: 'direct' }) }),
    says: ['about 5 min behind', 'will be refused', 'NTP'],
  },
  {
    check: 'ClockInSync',
    reason: 'ClockSkewed',
    seen: listFails({ kind: 'ClockSkewed', httpStatus: 403, providerCode: 'RequestTimeTooSkewed' }),
    says: ['NTP'],
  },
  {
    check: 'Authenticated',
    reason: 'AccessKeyUnknown',
    seen: listFails({ kind: 'AccessKeyUnknown', httpStatus: 403, providerCode: 'InvalidAccessKeyId' }),
    says: [
      'AKIA***MPLE',
      '(403 InvalidAccessKeyId)',
      'Correct ACCESS_KEY of Secret omega-bucket',
      'kubectl patch secret',
    ],
  },
  {
    check: 'Authenticated',
    reason: 'SecretKeyWrong',
    seen: listFails({ kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' }),
    says: ['Correct SECRET_KEY of Secret omega-bucket'],
  },
  {
    check: 'Authenticated',
    reason: 'SecretKeyWrong',
    seen: listFails({ kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'AuthenticationFailed' }),
    context: azure,
    says: ['of storage account acmewandb (403 AuthenticationFailed)', 'az storage account keys list', 'kubectl patch'],
  },
  {
    check: 'Authenticated',
    reason: 'SharedKeyDisabled',
    seen: listFails({ kind: 'SharedKeyDisabled', httpStatus: 403, providerCode: 'KeyBasedAuthenticationNotPermitted' }),
    context: azure,
    says: ['takes no account keys', 'az storage account update --name acmewandb --allow-shared-key-access true'],
  },
  {
    check: 'Authenticated',
    reason: 'CredentialsInvalid',
    seen: listFails({ kind: 'CredentialsInvalid', httpStatus: 401, providerCode: 'authError' }),
    context: contextOf({ storage: gcs, principal: 'service account omega@acme.iam.gserviceaccount.com' }),
    says: [
      'does not accept service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket',
      '(401 authError)',
      '--iam-account=omega@acme.iam.gserviceaccount.com',
      'kubectl patch secret omega-bucket',
    ],
  },
  {
    check: 'Authenticated',
    reason: 'CredentialsExpired',
    seen: listFails({ kind: 'CredentialsExpired' }),
    says: ['expired', 'ACCESS_KEY and SECRET_KEY'],
  },
  {
    check: 'Authenticated',
    reason: 'AccountSuspended',
    seen: listFails({ kind: 'AccountSuspended' }),
    says: ['suspended'],
  },
  {
    check: 'Authenticated',
    reason: 'NotObserved',
    seen: listFails({ kind: 'ServiceUnavailable', httpStatus: 503 }),
    says: ['without looking at the credential (503)'],
  },
  {
    check: 'BucketExists',
    reason: 'BucketNotFound',
    seen: listFails({ kind: 'BucketNotFound', httpStatus: 404, providerCode: 'NoSuchBucket' }),
    context: compat,
    says: ['omega-data at https://minio.acme.example:9000', '(404 NoSuchBucket)', 'mc mb'],
  },
  {
    check: 'BucketExists',
    reason: 'NotAnObjectStore',
    seen: listFails({ kind: 'NotAnObjectStore', httpStatus: 200 }),
    context: compat,
    says: ['does not answer as the S3 API does', '(200)', 'port 9000'],
  },
  {
    check: 'BucketExists',
    reason: 'NotAnObjectStore',
    seen: listFails({ kind: 'NotAnObjectStore', httpStatus: 200 }),
    context: contextOf({ storage: gcs }),
    says: ['it must be the address of the Cloud Storage API.'],
  },
  { check: 'BucketExists', reason: 'HiddenByStore', seen: listFails(denied), context: compat, says: ['does not say'] },
  { check: 'BucketExists', reason: 'Passed', seen: listFails(denied), says: ['this or another account'] },
  {
    check: 'RegionMatches',
    reason: 'RegionMismatch',
    seen: listFails({ kind: 'WrongRegion', httpStatus: 301, providerCode: 'PermanentRedirect', region: 'eu-west-1' }),
    says: ['acme-wandb is in eu-west-1', 'Set spec.bucket.s3.region to eu-west-1'],
  },
  {
    check: 'RegionMatches',
    reason: 'RegionMismatch',
    seen: goodObservations({ region: ok({ region: 'EU' }) }),
    says: ['is in eu-west-1'],
  },
  {
    check: 'RegionMatches',
    reason: 'RegionMismatch',
    seen: listFails({ kind: 'WrongRegion', httpStatus: 400 }),
    context: compat,
    says: ['another region than the spec says', 'spec.bucket.s3Compatible.region'],
  },
  { check: 'RegionMatches', reason: 'HiddenByStore', seen: listFails(denied), says: ['(403 AccessDenied)'] },
  {
    check: 'RegionMatches',
    reason: 'Passed',
    seen: goodObservations({ region: ok({ region: 'auto' }) }),
    context: compat,
    says: ['signed for us-east-1'],
  },
];

const use: readonly Row[] = [
  {
    check: 'OwnerMatches',
    reason: 'BucketOwnerMismatch',
    seen: goodObservations({ owner: err(denied) }),
    context: withOwner,
    says: ['account 111122223333', 'spec.bucket.s3.expectedBucketOwner', 'Nothing was written'],
  },
  {
    check: 'OwnerMatches',
    reason: 'Passed',
    seen: goodObservations({ owner: ok(undefined) }),
    context: withOwner,
    says: [],
  },
  {
    check: 'OwnerMatches',
    reason: 'NotApplicable',
    seen: goodObservations(),
    context: compat,
    says: ['spec.bucket.s3.expectedBucketOwner'],
  },
  {
    check: 'CanList',
    reason: 'ListDenied',
    seen: listFails(denied),
    says: ['teams/omega/', 'another account', '"s3:ListBucket"', '"arn:aws:s3:::acme-wandb"', 'AKIA***MPLE'],
  },
  {
    check: 'CanList',
    reason: 'ListDenied',
    seen: listFails(denied),
    context: compat,
    says: ['there is no such bucket', 'mc admin policy', '"arn:aws:s3:::omega-data"'],
  },
  {
    check: 'CanList',
    reason: 'Throttled',
    seen: listFails({ kind: 'Throttled', httpStatus: 503, providerCode: 'SlowDown' }),
    says: ['Listing failed', '(503 SlowDown)'],
  },
  {
    check: 'CanList',
    reason: 'StoreUnavailable',
    seen: listFails({ kind: 'ServiceUnavailable', httpStatus: 500 }),
    says: ['server error (500)'],
  },
  {
    check: 'CanList',
    reason: 'RequestRefused',
    seen: listFails({ kind: 'RequestRefused', httpStatus: 400, providerCode: 'Strange' }),
    says: ['(400 Strange)'],
  },
  {
    check: 'CanWrite',
    reason: 'WriteDenied',
    seen: goodObservations({ write: err(denied) }),
    says: ['may not write', '"s3:PutObject"', '"arn:aws:s3:::acme-wandb/teams/omega/*"'],
  },
  {
    check: 'CanWrite',
    reason: 'ConditionalWritesUnsupported',
    seen: goodObservations({ write: ok({ conditional: false }) }),
    says: ['random keys'],
  },
  {
    check: 'CanWrite',
    reason: 'QuotaExceeded',
    seen: goodObservations({ write: err({ kind: 'QuotaExceeded', providerCode: 'XMinioStorageFull' }) }),
    says: ['Writing an object failed', 'no room left'],
  },
  {
    check: 'CanRead',
    reason: 'ReadDenied',
    seen: goodObservations({ read: err(denied) }),
    says: ['may not read', '"s3:GetObject"'],
  },
  {
    check: 'CanRead',
    reason: 'ReadBackMissing',
    seen: goodObservations({ read: err({ kind: 'ObjectNotFound', httpStatus: 404, providerCode: 'NoSuchKey' }) }),
    says: ['is not there (404 NoSuchKey)'],
  },
  {
    check: 'CanRead',
    reason: 'ReadBackDiffers',
    seen: goodObservations({ read: ok({ intact: false }) }),
    says: ['other bytes'],
  },
  {
    check: 'CanDelete',
    reason: 'DeleteDenied',
    seen: goodObservations({ delete: err(denied) }),
    says: ['garbage collection', '"s3:DeleteObject"'],
  },
  {
    check: 'CanDelete',
    reason: 'DeleteHadNoEffect',
    seen: goodObservations({ delete: ok({ gone: false }) }),
    says: ['still there', 'object lock'],
  },
  {
    check: 'PresignedUrls',
    reason: 'PresignedUrlRejected',
    seen: withPresigned('HEAD', denied),
    says: ['pre-signed HEAD', '(403 AccessDenied)', 's3:authType'],
  },
  {
    check: 'PresignedUrls',
    reason: 'PresignedContentDiffers',
    seen: withPresigned('GET', { kind: 'NotAnObjectStore', httpStatus: 200 }),
    says: ['pre-signed GET', '(200)', 'proxy'],
  },
  {
    check: 'PresignedUrls',
    reason: 'NotSupportedByStore',
    seen: withPresigned('DELETE', { kind: 'NotImplemented', httpStatus: 501 }),
    says: ['A pre-signed DELETE failed', '(501)'],
  },
  {
    check: 'PresignedUrls',
    reason: 'NotObserved',
    seen: goodObservations({ presigned: { PUT: ok({ httpStatus: 200 }) } }),
    says: ['GET, HEAD, DELETE'],
  },
  {
    check: 'MultipartUpload',
    reason: 'MultipartDenied',
    seen: goodObservations({ multipart: { start: err(denied) } }),
    says: ['Beginning an upload in parts failed', '(403 AccessDenied)', '"s3:PutObject"'],
  },
  {
    check: 'MultipartUpload',
    reason: 'NotSupportedByStore',
    seen: goodObservations({ multipart: { start: err({ kind: 'NotImplemented', httpStatus: 501 }) } }),
    says: ['Beginning an upload in parts failed', '(501)'],
  },
  {
    check: 'MultipartUpload',
    reason: 'PartRejected',
    seen: goodObservations({ multipart: { start: ok(undefined), part: err(denied) } }),
    says: ['by a pre-signed URL was refused (403 AccessDenied)', 'whole objects are taken', 's3:authType'],
  },
  {
    check: 'MultipartUpload',
    reason: 'DeadlineExceeded',
    seen: goodObservations({ multipart: { start: ok(undefined), part: err({ kind: 'DeadlineExceeded' }) } }),
    says: ['Sending a part by a pre-signed URL failed'],
  },
  {
    check: 'MultipartUpload',
    reason: 'MultipartDenied',
    seen: goodObservations({ multipart: { part: ok({ httpStatus: 200 }), complete: err(denied) } }),
    says: ['Completing an upload in parts failed', '"s3:PutObject"'],
  },
  {
    check: 'MultipartUpload',
    reason: 'MultipartContentDiffers',
    seen: goodObservations({ multipart: { part: ok({ httpStatus: 200 }), read: ok({ intact: false }) } }),
    says: ['reads back as something else', 'proxy'],
  },
  {
    check: 'MultipartUpload',
    reason: 'AbortDenied',
    seen: goodObservations({ multipart: { read: ok({ intact: true }), abort: err(denied) } }),
    says: ['may not abort uploads in parts', '"s3:AbortMultipartUpload"', 'arn:aws:s3:::acme-wandb/teams/omega/*'],
  },
  {
    check: 'MultipartUpload',
    reason: 'NotObserved',
    seen: goodObservations({ multipart: { start: ok(undefined), part: ok({ httpStatus: 200 }) } }),
    says: ['ended before it had uploaded an object in parts'],
  },
  {
    check: 'NotPublic',
    reason: 'BucketPublic',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 200, disclosed: true }), list: ok({ httpStatus: 200, disclosed: true }) },
    }),
    says: ['Anybody can read objects of and list', 'put-public-access-block --bucket acme-wandb'],
  },
  {
    check: 'NotPublic',
    reason: 'BucketPublic',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 403, disclosed: false }), list: ok({ httpStatus: 200, disclosed: true }) },
    }),
    context: compat,
    says: ['Anybody can list bucket omega-data', 'mc anonymous set none'],
  },
  {
    check: 'NotPublic',
    reason: 'NotObserved',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 503, disclosed: false }), list: ok({ httpStatus: 403, disclosed: false }) },
    }),
    says: ['not all refused'],
  },
  {
    check: 'NotPublic',
    reason: 'NotObserved',
    seen: goodObservations({
      anonymous: { get: ok({ httpStatus: 200, disclosed: false }), list: ok({ httpStatus: 403, disclosed: false }) },
    }),
    says: ['not all refused'],
  },
  {
    check: 'PresignedUrls',
    reason: 'DeleteHadNoEffect',
    seen: goodObservations({
      presigned: {
        PUT: ok({ httpStatus: 200 }),
        GET: ok({ httpStatus: 200 }),
        HEAD: ok({ httpStatus: 200 }),
        DELETE: ok({ httpStatus: 204, gone: false }),
      },
    }),
    says: ['A pre-signed DELETE on', 'still there'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'Throttled',
    seen: goodObservations({ preflight: preflights(preflight({ httpStatus: 429 })) }),
    says: ['The preflight for GET failed', '(429)'],
  },
];

function withoutOrigin(): CheckContext {
  const { storage, namespace, principal, signIn, endpointUrl, proxiesFileStore } = contextOf();
  return { storage, namespace, principal, signIn, endpointUrl, proxiesFileStore };
}

const forbidden = {
  httpStatus: 403,
  providerCode: 'AccessForbidden',
  allowMethods: [],
  requestedHeaders: [],
  allowHeaders: [],
};
const noOrigin = { httpStatus: 204, allowMethods: [], requestedHeaders: [], allowHeaders: [] };

const browser: readonly Row[] = [
  {
    check: 'CorsAllowsApp',
    reason: 'CorsMissing',
    seen: goodObservations({ preflight: preflights(forbidden) }),
    says: [
      'acme-wandb/teams/omega',
      `GET, HEAD, PUT from ${APP} was refused (403 AccessForbidden)`,
      `origin ${APP}, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000`,
      'aws s3api put-bucket-cors --bucket acme-wandb',
    ],
  },
  {
    // Some emulators refuse an origin with 403 and repeat it in the header all the same.
    check: 'CorsAllowsApp',
    reason: 'CorsMissing',
    seen: goodObservations({ preflight: preflights({ ...forbidden, allowOrigin: APP }) }),
    says: ['was refused (403'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsOriginNotAllowed',
    seen: goodObservations({ preflight: preflights(noOrigin) }),
    context: compat,
    says: ['does not allow the origin', `mc admin config set <alias> api cors_allow_origin=${APP}`],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsOriginNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowOrigin: 'https://other.example' })) }),
    says: [`does not allow the origin ${APP}`],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: { ...preflights(preflight()), PUT: ok(forbidden) } }),
    says: ['Browsers cannot send PUT to'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowMethods: ['GET', 'HEAD'] })) }),
    says: ['Browsers cannot send PUT to'],
  },
  {
    // GCS's answer to a method that the rule leaves out.
    check: 'CorsAllowsApp',
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: { ...preflights(preflight()), PUT: ok({ ...noOrigin, httpStatus: 200 }) } }),
    context: contextOf({ storage: gcs }),
    says: ['Browsers cannot send PUT to'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsHeaderNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowHeaders: ['content-type'] })) }),
    says: ['leaves out content-md5'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsResponseBlocked',
    seen: goodObservations({ crossOriginResponse: ok({ exposeHeaders: ['etag'] }) }),
    says: ['preflights pass, but the answer itself'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsETagNotExposed',
    seen: goodObservations({ crossOriginResponse: ok({ allowOrigin: '*', exposeHeaders: ['date'] }) }),
    says: ['ETag', 'exposed headers ETag'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsETagHidden',
    seen: goodObservations({ crossOriginResponse: ok({ allowOrigin: '*', exposeHeaders: ['date'] }) }),
    context: contextOf({ storage: gcs }),
    says: ['ETag', 'Uploads work without it', '"responseHeader":["Content-Type","Content-MD5","ETag"]'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'CorsETagHidden',
    seen: goodObservations({ crossOriginResponse: ok({ allowOrigin: '*', exposeHeaders: [] }) }),
    context: contextOf({ storage: azureBlob }),
    says: ['ETag', '--exposed-headers ETag'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'StoreUnavailable',
    seen: goodObservations({ preflight: preflights({ ...noOrigin, httpStatus: 502 }) }),
    says: ['The preflight for GET failed', '(502)'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'NotApplicable',
    seen: goodObservations(),
    context: contextOf({ proxiesFileStore: true }),
    says: ['spec.deployment.proxiesFileStore'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'NotApplicable',
    seen: goodObservations(),
    context: withoutOrigin(),
    says: ['set spec.deployment.url'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'Ignored',
    seen: goodObservations({ preflight: preflights(forbidden) }),
    ignore: ['CorsAllowsApp'],
    says: ['spec.validation.ignore'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'PrerequisiteFailed',
    seen: listFails({ kind: 'BucketNotFound' }),
    says: ['BucketExists must pass first'],
  },
  {
    check: 'CorsAllowsApp',
    reason: 'NotObserved',
    seen: goodObservations({ preflight: { GET: ok(preflight()) } }),
    says: ['preflights'],
  },
];

const ROWS = [...arrival, ...use, ...browser, ...SIGN_IN_ROWS, ...SETTINGS_ROWS];

function withPresigned(method: 'GET' | 'HEAD' | 'DELETE', failure: BucketFailure): Observations {
  const good = goodObservations();
  return { ...good, presigned: { ...good.presigned, [method]: err(failure) } };
}

function judged(row: Row): CheckResult | undefined {
  const results = judgeAll(row.seen, row.context ?? contextOf(), { ignore: row.ignore ?? [] });
  return results.find((result) => result.name === row.check);
}

describe('what a check says of what was seen', () => {
  it.each(ROWS)('$check: $reason', (row) => {
    const result = judged(row);
    const { reason } = result ?? {};
    expect({ reason, result: result?.result }).toEqual({
      reason: row.reason,
      result: CHECK_REASONS[row.reason].result,
    });
    const text = `${result?.message ?? ''} ${result?.remedy ?? ''}`;
    for (const part of row.says) expect(text).toContain(part);
  });

  it('has a row for every reason of the catalogue', () => {
    const tried = new Set<string>(ROWS.map((row) => row.reason));
    expect(Object.keys(CHECK_REASONS).filter((reason) => !tried.has(reason))).toEqual([]);
  });

  it('gives a reason only from the checks that the catalogue names for it', () => {
    for (const { check, reason } of ROWS) {
      const checks = checkReason(reason)?.checks ?? [];
      expect(checks === 'any' || checks.includes(check) ? [] : [check, reason]).toEqual([]);
    }
  });

  it('tells whoever must act what to do, and stays short and free of secrets', () => {
    const path = `${'deep/'.repeat(178)}end`;
    for (const row of ROWS) {
      const context = row.context ?? contextOf();
      const long = { ...context, storage: { ...context.storage, path } };
      for (const result of [judged(row), judged({ ...row, context: long })]) {
        expect((result?.message ?? '').length).toBeLessThanOrEqual(2000);
        expect((result?.remedy ?? '').length).toBeLessThanOrEqual(2000);
        expect(JSON.stringify(result)).not.toMatch(/IOSFODNN/);
        if (result?.result === 'Fail') expect(result.remedy).not.toBe('');
      }
    }
  });
});

describe('how checks depend on each other', () => {
  it('passes everything for a good bucket, in the order of the catalogue', () => {
    const results = judgeAll(goodObservations({ owner: ok(undefined) }), withOwner, { ignore: [] });
    expect(results.map(({ name }) => name)).toEqual(CATALOGUE.map(({ name }) => name));
    expect(results.filter(({ result }) => result !== 'Pass')).toEqual([
      {
        name: 'EncryptionMatches',
        result: 'Skip',
        reason: 'NotApplicable',
        message: 'The spec names no encryption key.',
      },
      { name: 'CaKnownToServer', result: 'Skip', reason: 'NotApplicable', message: 'The spec names no CA of its own.' },
    ]);
  });

  it('lets only one check fail for one cause, and names it in all that are skipped', () => {
    const results = judgeAll(endpointFails({ kind: 'ConnectionRefused' }), withOwner, { ignore: [] });
    expect(results.filter(({ result }) => result === 'Fail').map(({ name }) => name)).toEqual(['EndpointReachable']);
    const skipped = results.slice(3).filter(({ reason }) => reason !== 'NotApplicable');
    expect(skipped.map(({ message }) => message)).toEqual(
      skipped.map(() => 'Not judged: EndpointReachable must pass first.'),
    );
  });

  it('does not let a check be ignored without which the bucket is unsafe', () => {
    const seen = listFails({ kind: 'SignatureMismatch' });
    const results = judgeAll(seen, contextOf(), { ignore: ['Authenticated', 'CanList'] });
    expect(results.find(({ name }) => name === 'Authenticated')?.result).toBe('Fail');
    expect(results.find(({ name }) => name === 'CanList')?.reason).toBe('Ignored');
  });

  it('lets a check be ignored by the administrator only', () => {
    const names = ['NotPublic', 'CanList', 'Authenticated', 'NoSuchCheck'];
    expect(mayIgnore(names, { withFlag: false })).toEqual(['CanList']);
    expect(mayIgnore(names, { withFlag: true })).toEqual(['NotPublic', 'CanList']);
  });

  it('does not keep a bucket from being proven because of what it does not tell', () => {
    const seen = goodObservations({
      settings: { retention: err(denied), versioning: err(denied), lifecycle: err(denied) },
    });
    expect(isProven(judgeAll(seen, contextOf({ storage: minio }), { ignore: [] }))).toBe(true);
  });

  it('keeps GCS without soft delete from being proven, and other stores without versioning not', () => {
    const off = ok({ enabled: false });
    const seen = goodObservations({ settings: { ...goodSettings, softDelete: off, versioning: off } });
    const proven = [gcs, s3, azureBlob].map((storage) =>
      isProven(judgeAll(seen, contextOf({ storage }), { ignore: [] })),
    );
    expect(proven).toEqual([false, true, true]);
  });

  it('judges what builds on an ignored check by what was seen', () => {
    const seen = goodObservations({ read: err(denied), delete: ok({ gone: true }) });
    const results = judgeAll(seen, contextOf(), { ignore: ['CanRead'] });
    expect(results.find(({ name }) => name === 'CanDelete')?.result).toBe('Pass');
  });
});

describe('a light probe', () => {
  const light: Observations = {
    mode: 'Light',
    list: ok({ keys: 1 }),
    presigned: { GET: ok({ httpStatus: 404 }) },
    requests: 2,
  };
  const previous = judgeAll(goodObservations({ write: ok({ conditional: false }) }), contextOf(), { ignore: [] });

  it('keeps the results of what it does not look at', () => {
    expect(judgeAll(light, contextOf(), { previous, ignore: [] })).toEqual(
      previous.map((result) => (result.name === 'RegionMatches' ? { ...result, message: expect.any(String) } : result)),
    );
  });

  it('refutes what it does look at', () => {
    const refused = { ...light, presigned: { GET: err(denied) } };
    const results = judgeAll(refused, contextOf(), { previous, ignore: [] });
    expect(results.filter(({ result }) => result === 'Fail').map(({ reason }) => reason)).toEqual([
      'PresignedUrlRejected',
    ]);
  });

  it('keeps good results beside a failed listing, so that the next light probe need not be a full one', () => {
    const failed: Observations = { mode: 'Light', list: err(denied), requests: 2 };
    const after = judgeAll(failed, contextOf(), { previous, ignore: [] });
    expect(after.filter(({ result }) => result === 'Fail').map(({ reason }) => reason)).toEqual(['ListDenied']);
    expect(judgeAll(light, contextOf(), { previous: after, ignore: [] }).map(({ result }) => result)).toEqual(
      previous.map(({ result }) => result),
    );
  });

  it('leaves open what nobody has looked at yet', () => {
    const results = judgeAll(light, contextOf(), { ignore: [] });
    expect(results.find(({ name }) => name === 'CanWrite')).toMatchObject({ result: 'Unknown', reason: 'NotObserved' });
    expect(results.find(({ name }) => name === 'PresignedUrls')?.result).toBe('Unknown');
  });
});
