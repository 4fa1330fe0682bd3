import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../base/result.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import {
  APP,
  contextOf,
  crossOrigin,
  goodObservations,
  onAzureBlob,
  onCoreWeave,
  onGcs,
  onMinio,
  preflight,
  preflights,
  withEndpoint,
  withPlainHttp,
} from '../../../test/support/fakes/observations.ts';
import { reportOf } from '../../../test/support/fakes/reports.ts';
import type { CheckContext } from '../check.ts';
import type { Observations } from '../../domain/observations/observations.ts';
const unasked = omit(goodObservations(), 'preflight');
const closed = preflight({ httpStatus: 403, providerCode: 'AccessForbidden' });
const silent = omit(preflight({ httpStatus: 204 }), 'allowOrigin');
const refused = preflights(closed);
const hidden = { allowOrigin: APP, exposeHeaders: [] };
const RULE =
  'bucket acme-wandb: origin https://wandb.acme.example, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000. Save the present rules (aws s3api get-bucket-cors --bucket acme-wandb > cors.json; if there are none, write {"CORSRules":[]}), add to CORSRules: {"AllowedOrigins":["https://wandb.acme.example"],"AllowedMethods":["GET","HEAD","PUT"],"AllowedHeaders":["*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3000}, and set the whole list, because the command replaces it: aws s3api put-bucket-cors --bucket acme-wandb --cors-configuration file://cors.json';

describe('what keeps browsers out', () => {
  it.each<readonly [what: string, seen: Observations, context: CheckContext, ...says: string[]]>([
    [
      'no CORS rule on AWS',
      goodObservations({ preflight: refused }),
      contextOf(),
      'CorsAllowsApp: CorsMissing',
      'Browsers cannot use acme-wandb/teams/omega: the preflight for GET, HEAD, PUT from https://wandb.acme.example was refused (403 AccessForbidden).',
      `Add a CORS rule to ${RULE}`,
    ],
    [
      'no CORS rule on an S3-compatible store',
      goodObservations({ preflight: refused }),
      onMinio,
      'CorsAllowsApp: CorsMissing',
      'Browsers cannot use omega-data: the preflight for GET, HEAD, PUT from https://wandb.acme.example was refused (403 AccessForbidden).',
      'Add a CORS rule to bucket omega-data: origin https://wandb.acme.example, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000. A store that has only one setting for all buckets needs the origin there beside those that are there (MinIO: mc admin config get <alias> api, then mc admin config set <alias> api cors_allow_origin=<origins that are there>,https://wandb.acme.example and mc admin service restart <alias>).',
    ],
    [
      'no CORS rule on CoreWeave',
      goodObservations({ preflight: refused }),
      onCoreWeave,
      'CorsAllowsApp: CorsMissing',
      'Browsers cannot use acme-wandb/teams/omega: the preflight for GET, HEAD, PUT from https://wandb.acme.example was refused (403 AccessForbidden).',
      'Add a CORS rule to bucket acme-wandb: origin https://wandb.acme.example, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000. Save the present rules (aws s3api get-bucket-cors --endpoint-url https://cwobject.com --bucket acme-wandb > cors.json; if there are none, write {"CORSRules":[]}), add to CORSRules: {"AllowedOrigins":["https://wandb.acme.example"],"AllowedMethods":["GET","HEAD","PUT"],"AllowedHeaders":["*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":3000}, and set the whole list, because the command replaces it: aws s3api put-bucket-cors --endpoint-url https://cwobject.com --bucket acme-wandb --cors-configuration file://cors.json',
    ],
    [
      'no CORS rule on Google Cloud',
      goodObservations({ preflight: refused }),
      onGcs,
      'CorsAllowsApp: CorsMissing',
      'Browsers cannot use acme-wandb/teams/omega: the preflight for GET, HEAD, PUT from https://wandb.acme.example was refused (403 AccessForbidden).',
      'Add a CORS rule to bucket acme-wandb: origin https://wandb.acme.example, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000. Print the present rules (gcloud storage buckets describe gs://acme-wandb --format="json(cors_config)"), write them to cors.json together with {"origin":["https://wandb.acme.example"],"method":["GET","HEAD","PUT"],"responseHeader":["Content-Type","Content-MD5","ETag"],"maxAgeSeconds":3000}, and set the whole list, because the command replaces it: gcloud storage buckets update gs://acme-wandb --cors-file=cors.json',
    ],
    [
      'no CORS rule on Azure',
      goodObservations({ preflight: refused }),
      onAzureBlob,
      'CorsAllowsApp: CorsMissing',
      'Browsers cannot use omega-data: the preflight for GET, HEAD, PUT from https://wandb.acme.example was refused (403 AccessForbidden).',
      "Add a CORS rule to the blob service of storage account acmewandb: origin https://wandb.acme.example, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000 (uploads send x-ms-blob-type as well). az storage cors add --account-name acmewandb --services b --origins https://wandb.acme.example --methods GET HEAD PUT --allowed-headers '*' --exposed-headers ETag --max-age 3000",
    ],
    [
      'a rule for another origin',
      goodObservations({ preflight: preflights(preflight({ allowOrigin: 'https://other.example' })) }),
      contextOf(),
      'CorsAllowsApp: CorsOriginNotAllowed',
      'Browsers cannot use acme-wandb/teams/omega: the answer to the preflight (200) does not allow https://wandb.acme.example to send GET, HEAD, PUT. The store answers preflights, but no CORS rule is for this origin.',
      `Correct the CORS rule of ${RULE}`,
    ],
    [
      'no origin in the answer for uploads alone',
      goodObservations({ preflight: { GET: ok(closed), HEAD: ok(closed), PUT: ok(silent) } }),
      contextOf(),
      'CorsAllowsApp: CorsOriginNotAllowed',
      'Browsers cannot use acme-wandb/teams/omega: the answer to the preflight (204) does not allow https://wandb.acme.example to send PUT. The store answers preflights, but no CORS rule is for this origin.',
      `Correct the CORS rule of ${RULE}`,
    ],
    [
      'a redirect without an origin',
      goodObservations({ preflight: preflights({ ...silent, httpStatus: 300 }) }),
      contextOf(),
      'CorsAllowsApp: CorsMissing',
      'Browsers cannot use acme-wandb/teams/omega: the preflight for GET, HEAD, PUT from https://wandb.acme.example was refused (300).',
      `Add a CORS rule to ${RULE}`,
    ],
    [
      'two servers that set the header',
      goodObservations({ preflight: preflights(preflight({ allowOrigin: `${APP}, ${APP}` })) }),
      onMinio,
      'CorsAllowsApp: CorsOriginNotAllowed',
      'Browsers cannot use omega-data: answers hold Access-Control-Allow-Origin twice, which browsers refuse. Both the store and a proxy before it set CORS headers.',
      'Let one of them alone set CORS headers: take them out of the proxy (nginx: add_header Access-Control-Allow-Origin; ingress-nginx: nginx.ingress.kubernetes.io/enable-cors), or have the proxy drop those of the store (nginx: proxy_hide_header).',
    ],
    [
      'preflights that must be signed',
      goodObservations({ preflight: preflights(preflight({ httpStatus: 403, refusedAs: 'SignatureMismatch' })) }),
      onMinio,
      'CorsAllowsApp: PreflightSignatureChecked',
      'Browsers cannot use omega-data: the store, or a proxy before it, checked the signature of the preflight for GET (403). Browsers do not sign preflights, so no CORS rule helps.',
      'Upgrade the store to a version that answers preflights without a signature, or have a proxy before it answer OPTIONS; or have the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.',
    ],
    [
      'preflights that need a key',
      goodObservations({ preflight: preflights(preflight({ httpStatus: 403, refusedAs: 'AccessKeyUnknown' })) }),
      onMinio,
      'CorsAllowsApp: PreflightSignatureChecked',
      'Browsers cannot use omega-data: the store, or a proxy before it, checked the signature of the preflight for GET (403). Browsers do not sign preflights, so no CORS rule helps.',
      'Upgrade the store to a version that answers preflights without a signature, or have a proxy before it answer OPTIONS; or have the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.',
    ],
    [
      'a rule without PUT',
      goodObservations({ preflight: preflights(preflight({ allowMethods: ['GET', 'HEAD'] })) }),
      contextOf(),
      'CorsAllowsApp: CorsMethodNotAllowed',
      'Browsers cannot send PUT to acme-wandb/teams/omega: the CORS rule for https://wandb.acme.example leaves it out.',
      `Correct the CORS rule of ${RULE}`,
    ],
    [
      'methods in lower case',
      goodObservations({ preflight: preflights(preflight({ allowMethods: ['get', 'put'] })) }),
      contextOf(),
      'CorsAllowsApp: CorsMethodNotAllowed',
      'Browsers cannot send GET, HEAD, PUT to acme-wandb/teams/omega: the CORS rule for https://wandb.acme.example leaves it out (the answer names get, and methods count in upper case only).',
      `Correct the CORS rule of ${RULE}`,
    ],
    [
      'a rule without a header',
      goodObservations({ preflight: preflights(preflight({ allowHeaders: ['content-type'] })) }),
      contextOf(),
      'CorsAllowsApp: CorsHeaderNotAllowed',
      'Browsers cannot upload to acme-wandb/teams/omega: the CORS rule for https://wandb.acme.example leaves out content-md5.',
      `Correct the CORS rule of ${RULE}`,
    ],
    [
      'an answer without the origin',
      goodObservations({ crossOrigin: crossOrigin({ exposeHeaders: ['etag'] }) }),
      contextOf(),
      'CorsAllowsApp: CorsResponseBlocked',
      'Browsers cannot read answers of acme-wandb/teams/omega: preflights pass, but the answer to GET itself does not allow the origin https://wandb.acme.example.',
      `Correct the CORS rule of ${RULE}`,
    ],
    [
      'an answer that did not come',
      goodObservations({ crossOrigin: { PUT: err({ kind: 'ConnectionReset' }) } }),
      contextOf(),
      'CorsAllowsApp: ConnectionReset',
      'A PUT with an origin failed. The connection to https://s3.eu-central-1.amazonaws.com was cut before the answer was complete.',
      'Look at the store and at proxies before it; the probe is repeated by itself.',
    ],
    [
      'a hidden ETag on AWS',
      goodObservations({ crossOrigin: crossOrigin(hidden) }),
      contextOf(),
      'CorsAllowsApp: CorsETagNotExposed',
      'Browsers cannot read the ETag of answers of acme-wandb/teams/omega, which uploads in parts need: it is not among the exposed headers.',
      `Correct the CORS rule of ${RULE}`,
    ],
    [
      'a hidden ETag on Google Cloud',
      goodObservations({ crossOrigin: crossOrigin(hidden) }),
      onGcs,
      'CorsAllowsApp: CorsETagHidden',
      'Browsers cannot read the ETag of answers of acme-wandb/teams/omega: it is not among the exposed headers. Uploads work without it.',
      'Correct the CORS rule of bucket acme-wandb: origin https://wandb.acme.example, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000. Print the present rules (gcloud storage buckets describe gs://acme-wandb --format="json(cors_config)"), write them to cors.json together with {"origin":["https://wandb.acme.example"],"method":["GET","HEAD","PUT"],"responseHeader":["Content-Type","Content-MD5","ETag"],"maxAgeSeconds":3000}, and set the whole list, because the command replaces it: gcloud storage buckets update gs://acme-wandb --cors-file=cors.json',
    ],
    [
      'a hidden ETag on Azure',
      goodObservations({ crossOrigin: crossOrigin(hidden) }),
      onAzureBlob,
      'CorsAllowsApp: CorsETagHidden',
      'Browsers cannot read the ETag of answers of omega-data: it is not among the exposed headers. Uploads work without it.',
      "Correct the CORS rule of the blob service of storage account acmewandb: origin https://wandb.acme.example, methods GET HEAD PUT, headers *, exposed headers ETag, max age 3000 (uploads send x-ms-blob-type as well). az storage cors add --account-name acmewandb --services b --origins https://wandb.acme.example --methods GET HEAD PUT --allowed-headers '*' --exposed-headers ETag --max-age 3000",
    ],
    [
      'no preflight was tried',
      unasked,
      contextOf(),
      'CorsAllowsApp: NotObserved',
      'The probe ended before it had an observation for this check; the next full probe decides it.',
    ],
    [
      'the preflight of a read alone was tried',
      goodObservations({ preflight: { GET: ok(preflight()) } }),
      contextOf(),
      'CorsAllowsApp: NotObserved',
      'The probe ended before it had tried the preflights.',
    ],
    [
      'no request with an origin was tried',
      goodObservations({ crossOrigin: {} }),
      contextOf(),
      'CorsAllowsApp: NotObserved',
      'The probe ended before it had tried a request with an origin.',
    ],
    [
      'a store in trouble',
      goodObservations({ preflight: preflights(preflight({ httpStatus: 503 })) }),
      contextOf(),
      'CorsAllowsApp: StoreUnavailable',
      'The preflight for GET failed. The store of bucket acme-wandb/teams/omega in eu-central-1 answered with a server error (503).',
      'Look at the health of the store; the probe is repeated by itself.',
    ],
    [
      'a store without TLS',
      withEndpoint({ tls: false }),
      withPlainHttp,
      'TlsTrusted: PlainHttp',
      'http://minio.acme.example:9000 uses HTTP without TLS: data and signed URLs can be read on the network.',
      'Serve the store over https and correct spec.bucket.s3Compatible.endpoint. If the bucket is published already, set spec.bucketChangePolicy: Allow in the same change: the old address stays published until the new one is proven (docs/how-to/move-an-endpoint.md).',
      'MixedContent: MixedContentBlocked',
      'The front end https://wandb.acme.example uses https and http://minio.acme.example:9000 does not: browsers block every request to it.',
      'Serve the store over https and correct spec.bucket.s3Compatible.endpoint; or have the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage. If the bucket is published already, set spec.bucketChangePolicy: Allow in the same change: the old address stays published until the new one is proven (docs/how-to/move-an-endpoint.md).',
    ],
  ])('%s', (_what, seen, context, ...says) => {
    expect(reportOf(seen, context)).toEqual(says);
  });
});
