import type { CheckContext } from '../check.ts';
import { err, ok } from '../../base/result.ts';
import {
  APP,
  azureBlob,
  contextOf,
  crossOrigin,
  gcs,
  goodObservations,
  listFails,
  onMinio,
  preflight,
  preflights,
} from '../../../test/support/fakes/observations.ts';
import { onAzure } from '../../../test/support/fakes/sign-ins.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { corsAllowsApp } from './cors-allows-app.ts';

const forbidden = {
  httpStatus: 403,
  providerCode: 'AccessForbidden',
  allowMethods: [],
  requestedHeaders: [],
  allowHeaders: [],
};

/** What AWS says where rules are there, and none matches. */
const mismatch = { ...forbidden, refusedAs: 'CorsRuleMismatch' } as const;

const noOrigin = { httpStatus: 204, allowMethods: [], requestedHeaders: [], allowHeaders: [] };

function withoutOrigin(): CheckContext {
  const { storage, namespace, principal, signIn, endpointUrl, proxiesFileStore } = contextOf();
  return { storage, namespace, principal, signIn, endpointUrl, proxiesFileStore };
}

const allowed = ok({ allowOrigin: APP, exposeHeaders: ['etag'] });
/** Preflights of reads announce no header. */
const forReads = preflight({ requestedHeaders: [] });

describeCheck(corsAllowsApp, [
  {
    // Browsers send no preflight for reads, and need not find GET and HEAD in the answer to that of an upload.
    reason: 'Passed',
    seen: goodObservations({
      preflight: {
        GET: ok({ ...forbidden, requestedHeaders: [] }),
        HEAD: ok({ ...forReads, allowMethods: ['PUT'] }),
        PUT: ok(preflight({ allowMethods: ['PUT'] })),
      },
    }),
    says: [],
  },
  {
    // Where nothing is refused, those of reads are not asked for.
    reason: 'Passed',
    seen: goodObservations({ preflight: { PUT: ok(preflight({ allowMethods: ['PUT'] })) } }),
    says: [],
  },
  {
    // The survey of another claim saw that nothing was refused, and this one sees that something is.
    reason: 'CorsResponseBlocked',
    seen: goodObservations({
      preflight: { PUT: ok(preflight({ allowMethods: ['PUT'] })) },
      crossOrigin: { GET: ok({ exposeHeaders: [] }), HEAD: allowed, PUT: allowed },
    }),
    says: ['the answer to GET itself'],
  },
  {
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({
      preflight: { GET: ok(forReads), HEAD: ok({ ...mismatch, requestedHeaders: [] }), PUT: ok(preflight()) },
      crossOrigin: { GET: allowed, HEAD: ok({ exposeHeaders: [] }), PUT: allowed },
    }),
    says: ['Browsers cannot send HEAD to'],
  },
  {
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowMethods: ['get', 'head', 'put'] })) }),
    says: ['Browsers cannot send', '(the answer names get, and methods count in upper case only)'],
  },
  {
    reason: 'CorsResponseBlocked',
    seen: goodObservations({ crossOrigin: { GET: allowed, HEAD: allowed, PUT: ok({ exposeHeaders: ['etag'] }) } }),
    says: ['the answer to PUT itself'],
  },
  {
    reason: 'CorsResponseBlocked',
    seen: goodObservations({ crossOrigin: { GET: allowed, HEAD: ok({ exposeHeaders: ['etag'] }), PUT: allowed } }),
    says: ['the answer to HEAD itself'],
  },
  {
    reason: 'CorsETagNotExposed',
    seen: goodObservations({
      crossOrigin: { GET: allowed, HEAD: allowed, PUT: ok({ allowOrigin: APP, exposeHeaders: [] }) },
    }),
    says: ['ETag'],
  },
  {
    // A client that completes an upload in parts reads the ETag of answers to PUT.
    reason: 'Passed',
    seen: goodObservations({
      crossOrigin: { GET: ok({ allowOrigin: APP, exposeHeaders: [] }), HEAD: allowed, PUT: allowed },
    }),
    says: [],
  },
  {
    reason: 'Throttled',
    seen: goodObservations({ preflight: preflights(preflight({ httpStatus: 429 })) }),
    says: ['The preflight for GET failed', '(429)'],
  },
  {
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
    reason: 'CorsMissing',
    seen: goodObservations({ preflight: preflights({ ...forbidden, allowOrigin: APP }) }),
    says: ['was refused (403'],
  },
  {
    reason: 'CorsOriginNotAllowed',
    seen: goodObservations({ preflight: preflights(noOrigin) }),
    context: onMinio,
    says: [
      `no CORS rule is for this origin`,
      `mc admin config set <alias> api cors_allow_origin=<origins that are there>,${APP}`,
    ],
  },
  {
    reason: 'CorsOriginNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowOrigin: 'https://other.example' })) }),
    says: [`does not allow ${APP} to send GET, HEAD, PUT`],
  },
  {
    reason: 'CorsOriginNotAllowed',
    seen: goodObservations({ preflight: preflights(mismatch) }),
    says: [`does not allow ${APP} to send GET, HEAD, PUT`, '(403 AccessForbidden)'],
  },
  {
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: { ...preflights(preflight()), PUT: ok(mismatch) } }),
    says: ['Browsers cannot send PUT to'],
  },
  {
    reason: 'CorsOriginNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowOrigin: `${APP}, *` })) }),
    says: ['Access-Control-Allow-Origin twice', 'Both the store and a proxy', 'Let one of them alone set CORS headers'],
  },
  {
    reason: 'CorsResponseBlocked',
    seen: goodObservations({ crossOrigin: crossOrigin({ allowOrigin: '*, *', exposeHeaders: ['etag'] }) }),
    says: ['Access-Control-Allow-Origin twice'],
  },
  {
    reason: 'CorsHeaderNotAllowed',
    seen: goodObservations({
      preflight: {
        ...preflights(preflight({ requestedHeaders: [] })),
        PUT: ok({ ...mismatch, requestedHeaders: ['content-md5', 'content-type'], letInWithoutHeaders: true }),
      },
    }),
    says: ['leaves out content-md5, content-type'],
  },
  {
    reason: 'PreflightSignatureChecked',
    seen: goodObservations({
      preflight: preflights({ ...forbidden, providerCode: 'SignatureDoesNotMatch', refusedAs: 'SignatureMismatch' }),
    }),
    says: ['checked the signature of the preflight for GET (403 SignatureDoesNotMatch)', 'no CORS rule helps'],
  },
  {
    // A gateway that wants a sign-in for every method.
    reason: 'PreflightSignatureChecked',
    seen: goodObservations({
      preflight: preflights({
        httpStatus: 401,
        allowMethods: [],
        requestedHeaders: [],
        allowHeaders: [],
        refusedAs: 'CredentialsInvalid',
      }),
    }),
    says: ['a proxy before it', '(401)', 'have a proxy before it answer OPTIONS'],
  },
  {
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: { ...preflights(preflight()), PUT: ok(forbidden) } }),
    says: ['Browsers cannot send PUT to'],
  },
  {
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowMethods: ['GET', 'HEAD'] })) }),
    says: ['Browsers cannot send PUT to'],
  },
  {
    // GCS's answer to a method that the rule leaves out.
    reason: 'CorsMethodNotAllowed',
    seen: goodObservations({ preflight: { ...preflights(preflight()), PUT: ok({ ...noOrigin, httpStatus: 200 }) } }),
    context: contextOf({ storage: gcs }),
    says: ['Browsers cannot send PUT to'],
  },
  {
    reason: 'CorsHeaderNotAllowed',
    seen: goodObservations({ preflight: preflights(preflight({ allowHeaders: ['content-type'] })) }),
    says: ['leaves out content-md5'],
  },
  {
    reason: 'CorsResponseBlocked',
    seen: goodObservations({ crossOrigin: crossOrigin({ exposeHeaders: ['etag'] }) }),
    says: ['preflights pass, but the answer to GET itself'],
  },
  {
    reason: 'CorsETagNotExposed',
    seen: goodObservations({ crossOrigin: crossOrigin({ allowOrigin: '*', exposeHeaders: ['date'] }) }),
    says: ['ETag', 'exposed headers ETag'],
  },
  {
    reason: 'CorsETagHidden',
    seen: goodObservations({ crossOrigin: crossOrigin({ allowOrigin: '*', exposeHeaders: ['date'] }) }),
    context: contextOf({ storage: gcs }),
    says: ['ETag', 'Uploads work without it', '"responseHeader":["Content-Type","Content-MD5","ETag"]'],
  },
  {
    reason: 'CorsETagHidden',
    seen: goodObservations({ crossOrigin: crossOrigin({ allowOrigin: '*', exposeHeaders: [] }) }),
    context: contextOf({ storage: azureBlob }),
    says: ['ETag', '--exposed-headers ETag'],
  },
  {
    reason: 'StoreUnavailable',
    seen: goodObservations({ preflight: preflights({ ...noOrigin, httpStatus: 502 }) }),
    says: ['The preflight for GET failed', '(502)'],
  },
  {
    reason: 'NotApplicable',
    seen: goodObservations(),
    context: contextOf({ proxiesFileStore: true }),
    says: ['spec.deployment.proxiesFileStore'],
  },
  {
    reason: 'NotApplicable',
    seen: goodObservations(),
    context: withoutOrigin(),
    says: ['set spec.deployment.url'],
  },
  {
    reason: 'Ignored',
    seen: goodObservations({ preflight: preflights(forbidden) }),
    ignore: ['CorsAllowsApp'],
    says: ['spec.validation.ignore'],
  },
  {
    reason: 'PrerequisiteFailed',
    seen: listFails({ kind: 'BucketNotFound' }),
    says: ['BucketExists must pass first'],
  },
  {
    reason: 'NotObserved',
    seen: goodObservations({ preflight: { GET: ok(preflight()) } }),
    says: ['preflights'],
  },
  {
    reason: 'UrlSigningDenied',
    seen: goodObservations({ preflight: { GET: err({ kind: 'UrlSigningDenied', httpStatus: 403 }) } }),
    context: onAzure,
    says: ['The preflight for GET failed', '"Storage Blob Delegator" --assignee client-1'],
  },
]);
