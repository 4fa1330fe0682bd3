import type { ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { PresignedMethod } from '../../domain/observations/observations.ts';
import { objectLock } from '../../domain/observations/object-lock.ts';
import { err, ok } from '../../base/result.ts';
import { storeEndpoint, type CloudEndpoints } from '../../domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../domain/bucket/target.ts';
import type { GuardedHttp } from '../../net/guarded-http.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { BucketClient, BucketDriver, Listing, PresignWanted } from '../../ports/bucket.ts';
import type { PlainRequest, PlainResponse } from '../../ports/http.ts';
import { blockUploads } from './block-upload.ts';
import { openContainer, type AzureTarget, type ContainerAccess } from './container-client.ts';
import { answerFailure, sdkFailure } from './error-mapping.ts';
import { removeFolders } from './folders.ts';
import { settingsRequests } from './settings.ts';

const IMMUTABLE = 'BlobImmutableDueToPolicy';

/** Azure Blob Storage. */
export function createAzureDriver(deps: { readonly net: GuardedHttp; readonly clouds: CloudEndpoints }): BucketDriver {
  return { open: (target) => openBucket(azureTarget(target, deps.clouds), deps.net) };
}

function azureTarget({ storage, credential }: BucketTarget, clouds: CloudEndpoints): AzureTarget {
  const isOurs = credential.kind === 'AccountKey' || credential.kind === 'AzureWorkloadIdentity';
  if (storage.provider !== 'AzureBlob' || !isOurs) {
    throw new Error(`the Azure driver was given a bucket of ${storage.provider} with ${credential.kind}`);
  }
  return { storage, credential, endpoint: storeEndpoint(storage, clouds), loginUrl: clouds.azureLogin };
}

function openBucket(target: AzureTarget, net: GuardedHttp): BucketClient {
  const access = openContainer(target, net.http);
  const call = target.credential.kind === 'AccountKey' ? tryCall : tryAsIdentity;
  const { container } = access;

  return {
    endpointUrl: new URL(target.endpoint).origin,

    async list(prefix, maxKeys, signal) {
      const page = await call(() => firstPage(access, { prefix, maxKeys, signal }));
      if (!page.ok) return page;
      return page.value === undefined ? err({ kind: 'NotAnObjectStore', httpStatus: 200 }) : ok(page.value);
    },

    async create(key, body, signal) {
      const sent = await call(() =>
        container.getBlockBlobClient(key).upload(Buffer.from(body), body.length, {
          abortSignal: signal,
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/json' },
        }),
      );
      if (!sent.ok) return err(sent.error.providerCode === IMMUTABLE ? exists(sent.error) : sent.error);
      const { etag: revision, versionId } = sent.value;
      if (revision === undefined) return err({ kind: 'NotAnObjectStore', httpStatus: 201 });
      return ok({ revision, conditional: true, ...(versionId !== undefined && { versionId }) });
    },

    read: (key, signal) =>
      call(async () => {
        const output = await container.getBlobClient(key).download(0, undefined, {
          abortSignal: signal,
          maxRetryRequests: 0,
        });
        const { etag: revision = '', immutabilityPolicyMode, immutabilityPolicyExpiresOn, legalHold } = output;
        const lock = objectLock(immutabilityPolicyMode, immutabilityPolicyExpiresOn, legalHold === true);
        return { body: await bytesOf(output.readableStreamBody), revision, ...(lock !== undefined && { lock }) };
      }),

    settings: () => settingsRequests(access, call),

    remove: (key, revision, signal) =>
      call(async () => {
        await container.getBlobClient(key).delete({ abortSignal: signal, conditions: { ifMatch: revision } });
      }),

    removeFolders: (folders, signal) => call(() => removeFolders(container, folders, signal)),

    async presign(wanted, signal) {
      const signed = await call(() => signedRequest(access, { ...wanted, signal }));
      // An identity needs permission to get a user delegation key; an account key signs without a request.
      return !signed.ok && signed.error.kind === 'AccessDenied'
        ? err({ ...signed.error, kind: 'UrlSigningDenied' })
        : signed;
    },

    asksStoreToSign: target.credential.kind !== 'AccountKey',
    credentialExpiresAt: () => access.endsAt()?.toISOString(),

    multipart: blockUploads({
      container,
      call,
      sign: (wanted, query) =>
        call(async () => ({ method: 'PUT', url: await signedUrl(access, { method: 'PUT', ...wanted }, query) })),
      send: (request, signal) => net.http.send(request, signal),
      explain,
    }),
    revisionIn: ({ headers }) => headers['etag'],
    detailsIn,

    anonymousObject: (key) => ({ method: 'GET', url: container.getBlobClient(key).url }),
    anonymousListing: (prefix) => ({
      method: 'GET',
      url: `${container.url}?restype=container&comp=list&maxresults=1&prefix=${encodeURIComponent(prefix)}`,
    }),
    explain,
    isListing: (response) => isListingOf(container.containerName, response),
    // The sockets belong to `net`, which is used longer than one bucket.
    close: () => undefined,
  };
}

function detailsIn({ headers }: PlainResponse): ReturnType<BucketClient['detailsIn']> {
  const until = headers['x-ms-immutability-policy-until-date'];
  const lock = objectLock(
    headers['x-ms-immutability-policy-mode'],
    until === undefined ? undefined : new Date(until),
    headers['x-ms-legal-hold'] === 'true',
  );
  return lock === undefined ? {} : { lock };
}

function explain(response: PlainResponse): BucketFailure {
  const { status: httpStatus, headers } = response;
  return answerFailure({ httpStatus, header: (name) => headers[name], text: textOf(response) });
}

/** Turns the refusal of an immutable blob into `PreconditionFailed`: only an existing blob can be immutable. */
function exists(failure: BucketFailure): BucketFailure {
  return { ...failure, kind: 'PreconditionFailed' };
}

async function tryCall<T>(run: () => Promise<T>): BucketCall<T> {
  try {
    return ok(await run());
  } catch (error) {
    return err(sdkFailure(error));
  }
}

/** Azure gives a refused token the same code as a wrong signature. */
async function tryAsIdentity<T>(run: () => Promise<T>): BucketCall<T> {
  const done = await tryCall(run);
  return !done.ok && done.error.kind === 'SignatureMismatch'
    ? err({ ...done.error, kind: 'CredentialsInvalid' })
    : done;
}

/** The first page of a listing; `undefined` when the answer is not a listing of this container. */
async function firstPage(
  { container }: ContainerAccess,
  options: { readonly prefix: string; readonly maxKeys: number; readonly signal: AbortSignal },
): Promise<Listing | undefined> {
  const pages = container
    .listBlobsFlat({ prefix: options.prefix, abortSignal: options.signal })
    .byPage({ maxPageSize: options.maxKeys });
  const page = (await pages.next()).value as ContainerListBlobFlatSegmentResponse | undefined;
  if (page === undefined || page.containerName !== container.containerName || !page.serviceEndpoint) return undefined;
  return {
    keys: page.segment.blobItems.map(({ name, properties }) => ({
      key: name,
      ...lastModifiedOf(properties),
      ...(properties.accessTier === 'Archive' && { archived: 'Archive' }),
    })),
    truncated: (page.continuationToken ?? '') !== '',
  };
}

/** A blob of which only blocks are there has no date, though the SDK's type says so. */
function lastModifiedOf({ lastModified }: { readonly lastModified?: Date }): { readonly lastModified?: string } {
  return lastModified === undefined ? {} : { lastModified: lastModified.toISOString() };
}

const PERMISSIONS: Readonly<Record<PresignedMethod, string>> = { PUT: 'cw', GET: 'r', HEAD: 'r', DELETE: 'd' };

type Wanted = PresignWanted & { readonly signal: AbortSignal };

async function signedRequest(access: ContainerAccess, wanted: Wanted): Promise<PlainRequest> {
  const { method, headers } = wanted;
  // Azure requires the type of the blob on each upload.
  const demanded = method === 'PUT' ? { headers: { ...headers, 'x-ms-blob-type': 'BlockBlob' } } : {};
  return { method, url: await signedUrl(access, wanted), ...demanded };
}

/** A SAS of one blob. */
async function signedUrl({ container, sign }: ContainerAccess, wanted: Wanted, query = ''): Promise<string> {
  const { method, key: blobName, expiresInSeconds, signal } = wanted;
  const { url } = container.getBlobClient(blobName);
  const sas = await sign({
    containerName: container.containerName,
    blobName,
    permissions: PERMISSIONS[method],
    expiresInSeconds,
    https: url.startsWith('https:'),
    signal,
  });
  return `${url}?${query}${sas.toString()}`;
}

async function bytesOf(stream: NodeJS.ReadableStream | undefined): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Without a version in the request, old versions of the API answer, which give the container with its whole URL. */
function isListingOf(name: string, response: PlainResponse): boolean {
  if (response.status !== 200 || response.headers['x-ms-request-id'] === undefined) return false;
  const named = /<EnumerationResults\s[^>]*\bContainerName="([^"]{1,512})"/.exec(textOf(response))?.[1];
  return named === name || named?.endsWith(`/${name}`) === true;
}

function textOf(response: PlainResponse): string {
  return Buffer.from(response.body).toString('utf8');
}
