import type { BucketFailure } from '../../domain/bucket-failure.ts';
import { err, ok } from '../../domain/result.ts';
import { storeEndpoint, type CloudEndpoints } from '../../domain/store-endpoint.ts';
import type { BucketTarget, ServiceAccountKeyCredential } from '../../domain/storage.ts';
import type { Net } from '../../net/net.ts';
import type { BucketCall, BucketClient, BucketDriver } from '../../ports/bucket.ts';
import type { PlainRequest, PlainResponse } from '../../ports/http.ts';
import { explainAnswer, textOf } from './answers.ts';
import { createIdentity, type Identity } from './identity.ts';
import { createJsonApi } from './json-api.ts';
import { settingsRequests } from './settings.ts';

/** A bucket of GCS, where it is, and the key for it. */
interface GcsTarget {
  readonly bucket: string;
  readonly credential: ServiceAccountKeyCredential;
  /** URL of the store. */
  readonly endpoint: string;
}

/**
 * Google Cloud Storage. The SDK signs, and we speak the two APIs: its transport
 * follows redirects and reads proxy variables by itself, which the guarded
 * connector exists to prevent, and it cannot be given another.
 */
export function createGcsDriver(deps: { readonly net: Net; readonly clouds: CloudEndpoints }): BucketDriver {
  return { open: (target) => openBucket(gcsTarget(target, deps.clouds), deps.net) };
}

function gcsTarget({ storage, credential }: BucketTarget, clouds: CloudEndpoints): GcsTarget {
  if (storage.provider !== 'GCS' || credential.kind !== 'ServiceAccountKey') {
    throw new Error(`the GCS driver was given a bucket of ${storage.provider} with ${credential.kind}`);
  }
  return { bucket: storage.name, credential, endpoint: storeEndpoint(storage, clouds) };
}

function openBucket({ bucket, credential, endpoint }: GcsTarget, net: Net): BucketClient {
  const identity = createIdentity(credential, { endpoint, bucket });
  const api = createJsonApi({ endpoint, bucket, http: net.http, sign: signerOf(identity) });
  const { list, create, read, remove, multipart, getDocument } = api;

  function plain(path: string): PlainRequest {
    return { method: 'GET', url: `${endpoint}/${bucket}${path}` };
  }

  return {
    endpointUrl: endpoint,
    list,
    create,
    read,
    remove,
    multipart,
    settings: () => settingsRequests(bucket, getDocument),
    async presign(method, key, expiresInSeconds) {
      const signed = await signing(() => identity.signUrl(method, key, expiresInSeconds));
      return signed.ok ? ok({ method, url: signed.value }) : signed;
    },
    // Browsers and anybody else meet the XML API: the JSON API knows no CORS of a bucket.
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

function signerOf(identity: Identity): () => BucketCall<string> {
  return () => signing(() => identity.authorization());
}

/** A key that looks like one and cannot sign (too short, say) is the credential's fault. */
async function signing(run: () => Promise<string>): BucketCall<string> {
  try {
    return ok(await run());
  } catch {
    const failure: BucketFailure = { kind: 'CredentialsInvalid', detail: 'the private key cannot sign' };
    return err(failure);
  }
}
