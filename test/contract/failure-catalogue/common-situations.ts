import {
  answers,
  clockAhead,
  echoes,
  gzipped,
  html,
  onlyPretends,
  refuses,
  withBody,
  withHeaders,
} from '../../servers/fault-server/acts.ts';
import { ambiguousXml, deepJson, deepXml, gzipBomb, xmlBomb } from '../../servers/fault-server/bombs.ts';
import type { Fault } from '../../servers/fault-server/fault.ts';
import {
  cutsShort,
  drips,
  dripsHeaders,
  endless,
  endlessHeaders,
  hangs,
  resets,
  speaksOtherwise,
} from '../../servers/fault-server/wire.ts';
import { ALL, S3_KINDS, situation, type FaultCase, type Verdict } from './fault-case.ts';
import { cut, foreign, late, rejected, throttled, unavailable, verdict } from './verdicts.ts';

const PREFLIGHTS = ['preflight GET', 'preflight HEAD', 'preflight PUT'] as const;
const SEEN_PUBLIC = ['S3', 'S3Compatible', 'CoreWeave', 'AzureBlob'] as const;

function cors(reason: Verdict['reason'], remedy = /CORS rule/): Verdict {
  return { check: 'CorsAllowsApp', reason, remedy };
}
function unseen(check: Verdict['check']): Verdict {
  return { check, result: 'Unknown', reason: 'NotObserved' };
}
const row = (id: string, fault: readonly [Fault['meets'], Fault['does']], is: Verdict): FaultCase =>
  situation(ALL, id, fault, is);

/** What answers is not the store, or not in order. */
const ANSWERS: readonly FaultCase[] = [
  row('list: a page with success', ['list', html(200)], verdict(foreign('BucketExists'))),
  row('list: a page with 404', ['list', html(404)], verdict(foreign('BucketExists'))),
  row('list: nothing with success', ['list', answers({ status: 200 })], verdict(foreign('BucketExists'))),
  row('list: an echo', ['list', echoes], verdict(foreign('BucketExists'))),
  row(
    'list: a redirect to a login page',
    ['list', answers({ status: 302, headers: { location: 'https://login.example/' } })],
    verdict(foreign('BucketExists')),
  ),
  row('list: too many requests, as a page', ['list', html(429)], verdict(throttled('CanList'))),
  row('list: bad gateway, as a page', ['list', html(502)], verdict(unavailable('CanList'))),
  row('list: unavailable, as a page', ['list', html(503)], verdict(unavailable('CanList'))),
  row('list: gateway timeout, as a page', ['list', html(504)], verdict(unavailable('CanList'))),
  row('list: unavailable, without a word', ['list', answers({ status: 503 })], verdict(unavailable('CanList'))),
  row('list: in gzip', ['list', gzipped], verdict(foreign('BucketExists'))),
  row('create: a page with success', ['create', html(200)], {
    check: 'CanWrite',
    reason: 'NotAnObjectStore',
    remedy: /stands before the store/,
  }),
  row('create: bad gateway, as a page', ['create', html(502)], verdict(unavailable('CanWrite'))),
  row('read: bad gateway, as a page', ['read', html(502)], verdict(unavailable('CanRead'))),
  row('read: other bytes', ['read', withBody('{"kind":"other"}')], {
    check: 'CanRead',
    reason: 'ReadBackDiffers',
    remedy: /changes bodies/,
  }),
  row('read: in gzip', ['read', gzipped], { check: 'CanRead', reason: 'ReadBackDiffers', remedy: /changes bodies/ }),
  row('remove: only confirmed', ['remove', onlyPretends], {
    check: 'CanDelete',
    reason: 'DeleteHadNoEffect',
    remedy: /object lock, retention/,
  }),
  row(
    'a look at what was removed fails',
    ['read absent', refuses(500, 'InternalError')],
    verdict(unavailable('CanDelete')),
  ),
  row('presigned PUT: only confirmed', ['presigned PUT', onlyPretends], {
    check: 'PresignedUrls',
    reason: 'PresignedContentDiffers',
    remedy: /in place of the store/,
  }),
  row('presigned PUT: a page with success', ['presigned PUT', html(200)], {
    check: 'PresignedUrls',
    reason: 'PresignedContentDiffers',
    remedy: /in place of the store/,
  }),
  row('presigned PUT: bad gateway, as a page', ['presigned PUT', html(502)], verdict(unavailable('PresignedUrls'))),
  row('presigned GET: a page with success', ['presigned GET', html(200)], {
    check: 'PresignedUrls',
    reason: 'PresignedContentDiffers',
    remedy: /in place of the store/,
  }),
  row('presigned PUT: a page with 403', ['presigned PUT', html(403)], verdict(rejected)),
  row(
    'presigned GET: a redirect to a login page',
    ['presigned GET', answers({ status: 302, headers: { location: 'https://login.example/' } })],
    verdict(rejected),
  ),
  row('presigned GET: in gzip', ['presigned GET', gzipped], {
    check: 'PresignedUrls',
    reason: 'PresignedContentDiffers',
    remedy: /in place of the store/,
  }),
  row('presigned HEAD: forbidden, without a word', ['presigned HEAD', answers({ status: 403 })], verdict(rejected)),
  row(
    'presigned HEAD: unavailable, without a word',
    ['presigned HEAD', answers({ status: 503 })],
    verdict(unavailable('PresignedUrls')),
  ),
  row(
    'presigned HEAD: too many requests, without a word',
    ['presigned HEAD', answers({ status: 429 })],
    verdict(throttled('PresignedUrls')),
  ),
  row('ranged GET: the whole object', ['ranged GET', ({ serveAs }) => serveAs('presigned GET')], {
    check: 'MultipartUpload',
    reason: 'RangeIgnored',
    remedy: /pass Range on/,
  }),
  row('ranged GET: other bytes', ['ranged GET', withBody('{"kind":"other"}')], {
    check: 'MultipartUpload',
    reason: 'MultipartContentDiffers',
    remedy: /changes bodies/,
  }),
  row('presigned DELETE: only confirmed', ['presigned DELETE', onlyPretends], {
    check: 'PresignedUrls',
    reason: 'DeleteHadNoEffect',
    remedy: /object lock, retention/,
  }),
];

/** The clock of the store. */
const CLOCK: readonly FaultCase[] = [
  row('a clock an hour ahead', ['anonymous list', clockAhead(3600)], {
    check: 'ClockInSync',
    reason: 'ClockSkewed',
    remedy: /NTP/,
  }),
  row('a clock ten minutes behind', ['anonymous list', clockAhead(-600)], {
    check: 'ClockInSync',
    reason: 'ClockSkewed',
    remedy: /NTP/,
  }),
  row('a clock two minutes ahead', ['anonymous list', clockAhead(120)], {
    check: 'ClockInSync',
    result: 'Warn',
    reason: 'ClockSkewNoticeable',
    remedy: /NTP/,
  }),
];

/** What a browser is told. */
const BROWSER: readonly FaultCase[] = [
  row(
    'preflights are forbidden',
    [PREFLIGHTS, refuses(403, 'AccessForbidden', { message: 'CORS is not enabled.' })],
    cors('CorsMissing'),
  ),
  row(
    'preflights are forbidden, with the origin of somebody else',
    [PREFLIGHTS, answers({ status: 403, headers: { 'access-control-allow-origin': 'https://evil.example' } })],
    cors('CorsMissing'),
  ),
  row(
    'preflights have lost their origin',
    [PREFLIGHTS, withHeaders({ 'access-control-allow-origin': '' })],
    cors('CorsOriginNotAllowed'),
  ),
  row(
    'preflights allow another front end',
    [PREFLIGHTS, withHeaders({ 'access-control-allow-origin': 'https://other.example' })],
    cors('CorsOriginNotAllowed'),
  ),
  row('preflights get a page', [PREFLIGHTS, html(200)], cors('CorsOriginNotAllowed')),
  row(
    'the preflight for PUT alone is forbidden',
    ['preflight PUT', refuses(403, 'AccessForbidden')],
    cors('CorsMethodNotAllowed'),
  ),
  row(
    'preflights leave PUT out',
    [PREFLIGHTS, withHeaders({ 'access-control-allow-methods': 'GET, HEAD' })],
    cors('CorsMethodNotAllowed'),
  ),
  row(
    'preflights allow no header',
    [PREFLIGHTS, withHeaders({ 'access-control-allow-headers': '' })],
    cors('CorsHeaderNotAllowed'),
  ),
  row('preflights meet a bad gateway', [PREFLIGHTS, html(502)], verdict(unavailable('CorsAllowsApp'))),
  row('preflights are throttled', [PREFLIGHTS, refuses(429, 'TooManyRequests')], verdict(throttled('CorsAllowsApp'))),
  row('preflights are not answered', ['preflight PUT', hangs], verdict(late('CorsAllowsApp'))),
  row(
    'the answer itself has lost the origin',
    ['presigned GET', withHeaders({ 'access-control-allow-origin': '' })],
    cors('CorsResponseBlocked'),
  ),
  row('the request itself meets a bad gateway', ['presigned GET', html(502)], verdict(unavailable('CorsAllowsApp'))),
];

/** What anybody is given. */
const ANYBODY: readonly FaultCase[] = [
  row('anybody may read objects', ['anonymous GET', ({ serveAs }) => serveAs('read')], {
    check: 'NotPublic',
    reason: 'BucketPublic',
    remedy: /[Pp]ublic|anonymous|deny/i,
  }),
  situation(SEEN_PUBLIC, 'anybody may list the bucket', ['anonymous list', ({ serveAs }) => serveAs('list')], {
    check: 'NotPublic',
    reason: 'BucketPublic',
    remedy: /[Pp]ublic|anonymous|deny/i,
  }),
  row('the unsigned read meets a bad gateway', ['anonymous GET', html(502)], unseen('NotPublic')),
  row('the unsigned read is throttled', ['anonymous GET', refuses(429, 'TooManyRequests')], unseen('NotPublic')),
  row('the unsigned read gets a page with success', ['anonymous GET', html(200)], unseen('NotPublic')),
];

/** What happens to connections. */
const CONNECTIONS: readonly FaultCase[] = [
  row('first contact: no answer', ['anonymous list', hangs], verdict(late('EndpointReachable'))),
  row('first contact: reset', ['anonymous list', resets], verdict(cut('EndpointReachable'))),
  row('first contact: headers a byte at a time', ['anonymous list', dripsHeaders], verdict(late('EndpointReachable'))),
  row('first contact: a body a byte at a time', ['anonymous list', drips], verdict(late('EndpointReachable'))),
  row('everything: another protocol', ['everything', speaksOtherwise], verdict(foreign('BucketExists'))),
  row('everything: an endless body', ['everything', endless(200)], verdict(foreign('BucketExists'))),
  row('everything: endless headers', ['everything', endlessHeaders], verdict(foreign('BucketExists'))),
  row('list: no answer', ['list', hangs], verdict(late('EndpointReachable'))),
  row('list: reset', ['list', resets], verdict(cut('EndpointReachable'))),
  row('list: cut short', ['list', cutsShort], verdict(cut('EndpointReachable'))),
  row('list: an endless body', ['list', endless(200)], verdict(foreign('BucketExists'))),
  row('list: an endless error', ['list', endless(500)], verdict(foreign('BucketExists'))),
  row('create: no answer', ['create', hangs], verdict(late('CanWrite'))),
  row('create: reset', ['create', resets], verdict(cut('CanWrite'))),
  row('read: no answer', ['read', hangs], verdict(late('CanRead'))),
  row('read: cut short', ['read', cutsShort], verdict(cut('CanRead'))),
  row('remove: reset', ['remove', resets], verdict(cut('CanDelete'))),
  row('presigned PUT: no answer', ['presigned PUT', hangs], verdict(late('PresignedUrls'))),
  row('presigned GET: cut short', ['presigned GET', cutsShort], verdict(cut('PresignedUrls'))),
];

/** Small answers that are meant to hurt whoever reads them. */
const BOMBS: readonly FaultCase[] = [
  row('list: a gzip bomb', ['list', gzipBomb(200)], verdict(foreign('BucketExists'))),
  row('list: a gzip bomb as an error', ['list', gzipBomb(500)], verdict(unavailable('CanList'))),
  row('list: an XML bomb', ['list', xmlBomb(200, 'ListBucketResult')], verdict(foreign('BucketExists'))),
  row('list: an XML bomb as an error', ['list', xmlBomb(500, 'Error')], verdict(unavailable('CanList'))),
  row('list: deep XML', ['list', deepXml(200, 'ListBucketResult')], verdict(foreign('BucketExists'))),
  row('list: deep XML as an error', ['list', deepXml(500, 'Error')], verdict(unavailable('CanList'))),
  row('list: deep JSON', ['list', deepJson(200)], verdict(foreign('BucketExists'))),
  row('list: deep JSON as an error', ['list', deepJson(500)], verdict(unavailable('CanList'))),
  row('list: XML that ends nowhere', ['list', ambiguousXml(500)], verdict(unavailable('CanList'))),
  row('presigned PUT: an XML bomb as an error', ['presigned PUT', xmlBomb(403, 'Error')], verdict(rejected)),
];

/** What can befall a store of any provider. */
export const COMMON_SITUATIONS: readonly FaultCase[] = [
  ...ANSWERS,
  ...CLOCK,
  ...BROWSER,
  ...ANYBODY,
  ...CONNECTIONS,
  ...BOMBS,
  situation(S3_KINDS, 'remove: a page with success', ['remove', html(200)], {
    check: 'CanDelete',
    reason: 'DeleteHadNoEffect',
    remedy: /object lock, retention/,
  }),
];
