import { ok } from '../../base/result.ts';
import { storeEndpoint, type CloudEndpoints } from '../../domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../domain/bucket/target.ts';
import type { GuardedHttp } from '../../net/guarded-http.ts';
import type { BucketClient, BucketDriver } from '../../ports/bucket.ts';
import type { PlainRequest, PlainResponse } from '../../ports/http.ts';
import { explainAnswer, textOf } from './answers.ts';
import { createFederatedIdentity } from './federated-identity.ts';
import { createFederation } from './federation.ts';
import { createKeyIdentity, type Identity } from './identity.ts';
import { createJsonApi, generationOf } from './json-api.ts';
import { settingsRequests } from './settings.ts';

/** A bucket of GCS with its address and credential. */
interface GcsTarget {
  readonly bucket: string;
  readonly identity: Identity;
  /** URL of the store. */
  readonly endpoint: string;
}

/**
 * Google Cloud Storage. The SDK signs, and we send the requests of both APIs: the
 * SDK's transport follows redirects and reads proxy variables, which would bypass the
 * guarded connector, and it cannot be replaced.
 */
export function createGcsDriver(deps: { readonly net: GuardedHttp; readonly clouds: CloudEndpoints }): BucketDriver {
  return { open: (target) => openBucket(gcsTarget(target, deps), deps.net) };
}

function gcsTarget(
  { storage, credential }: BucketTarget,
  { net, clouds }: { readonly net: GuardedHttp; readonly clouds: CloudEndpoints },
): GcsTarget {
  const place = { bucket: storage.name, endpoint: storeEndpoint(storage, clouds) };
  if (storage.provider === 'GCS' && credential.kind === 'ServiceAccountKey') {
    return { ...place, identity: createKeyIdentity(credential, place) };
  }
  if (storage.provider === 'GCS' && credential.kind === 'GcpWorkloadIdentity') {
    const federation = createFederation(credential, { http: net.http, stsUrl: clouds.gcpSts, iamUrl: clouds.gcpIam });
    return { ...place, identity: createFederatedIdentity(federation, credential.impersonate, place) };
  }
  throw new Error(`the GCS driver was given a bucket of ${storage.provider} with ${credential.kind}`);
}

function openBucket({ bucket, identity, endpoint }: GcsTarget, net: GuardedHttp): BucketClient {
  const sign = (): ReturnType<Identity['authorization']> => identity.authorization();
  const api = createJsonApi({ endpoint, bucket, http: net.http, sign });
  const { list, listFrom, create, read, remove, removeFolders, multipart, getDocument } = api;

  function plain(path: string): PlainRequest {
    return { method: 'GET', url: `${endpoint}/${bucket}${path}` };
  }

  return {
    endpointUrl: endpoint,
    list,
    ...(listFrom !== undefined && { listFrom }),
    credentialExpiresAt: () => identity.endsAt?.(),
    create,
    read,
    remove,
    ...(removeFolders !== undefined && { removeFolders }),
    multipart,
    settings: () => settingsRequests(bucket, getDocument),
    // The signature covers no header but Host: W&B's documented rule lets browsers send none that a URL demands.
    async presign({ method, key, expiresInSeconds, headers }, signal) {
      const signed = await identity.signUrl(method, key, expiresInSeconds, signal);
      return signed.ok ? ok({ method, url: signed.value, ...(headers !== undefined && { headers }) }) : signed;
    },
    revisionIn: generationOf,
    detailsIn: () => ({}),
    // Browsers and anonymous clients use the XML API: CORS of a bucket does not apply to the JSON API.
    anonymousObject: (key) => plain(`/${key.split('/').map(encodeURIComponent).join('/')}`),
    anonymousListing: (prefix) => plain(`?max-keys=1&prefix=${encodeURIComponent(prefix)}`),
    explain: (response) => explainAnswer(response),
    isListing: (response) => isListingOf(bucket, response),
    // The connections belong to `net`.
    close: () => undefined,
  };
}

function isListingOf(bucket: string, response: PlainResponse): boolean {
  const body = textOf(response);
  return response.status === 200 && body.includes('<ListBucketResult') && body.includes(`<Name>${bucket}</Name>`);
}
