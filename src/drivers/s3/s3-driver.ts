import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { BucketFailure } from '../../domain/bucket-failure.ts';
import type { PresignedMethod } from '../../domain/observations.ts';
import { err, ok } from '../../domain/result.ts';
import { storeEndpoint, type CloudEndpoints } from '../../domain/store-endpoint.ts';
import type { BucketTarget } from '../../domain/storage.ts';
import type { Net } from '../../net/net.ts';
import type { BucketCall, BucketClient, BucketDriver, CreatedObject } from '../../ports/bucket.ts';
import type { PlainRequest, PlainResponse } from '../../ports/http.ts';
import { clientConfig, isPathStyle, type S3Target } from './client-config.ts';
import { answerFailure, parseErrorDocument, sdkFailure, unreadable } from './error-mapping.ts';
import { createGuardedHandler } from './guarded-handler.ts';

/** S3 and everything that speaks it. */
export function createS3Driver(deps: { readonly net: Net; readonly clouds: CloudEndpoints }): BucketDriver {
  return { open: (target) => openBucket(s3Target(target, deps.clouds), deps.net) };
}

function s3Target({ storage, credential, caBundle }: BucketTarget, clouds: CloudEndpoints): S3Target {
  if (storage.provider === 'GCS' || storage.provider === 'AzureBlob' || credential.kind !== 'AccessKey') {
    throw new Error(`the S3 driver was given a bucket of ${storage.provider} with ${credential.kind}`);
  }
  const endpoint = storeEndpoint(storage, clouds);
  return { storage, credential, endpoint, ...(caBundle !== undefined && { caBundle }) };
}

function openBucket(target: S3Target, net: Net): BucketClient {
  const Bucket = target.storage.name;
  const owner = expectedOwner(target);
  const trust = target.caBundle === undefined ? {} : { caBundle: target.caBundle };
  const client: S3Client = new S3Client({
    ...clientConfig(target),
    requestHandler: createGuardedHandler(net.http, { ...trust, onRequest: () => keepOwnClock(client) }),
  });

  async function call<T>(run: () => Promise<T>): BucketCall<T> {
    try {
      return ok(await run());
    } catch (error) {
      return err(sdkFailure(error));
    }
  }

  async function create(key: string, body: Uint8Array, signal: AbortSignal): BucketCall<CreatedObject> {
    const put = async (condition: { IfNoneMatch?: string }): BucketCall<CreatedObject> => {
      const input = { Bucket, Key: key, Body: body, ContentType: 'application/json', ...owner, ...condition };
      const sent = await call(() => client.send(new PutObjectCommand(input), { abortSignal: signal }));
      if (!sent.ok) return sent;
      const { ETag: revision, VersionId: versionId } = sent.value;
      // A web server that says 200 to everything has no ETag for what it did not store.
      if (revision === undefined) return err({ kind: 'NotAnObjectStore', httpStatus: 200 });
      const conditional = condition.IfNoneMatch !== undefined;
      return ok({ revision, conditional, ...(versionId !== undefined && { versionId }) });
    };
    const conditional = await put({ IfNoneMatch: '*' });
    if (conditional.ok || conditional.error.kind !== 'NotImplemented') return conditional;
    // A store without conditional writes: look first. Our keys hold a random part, so nobody races us.
    const existing = await head(key, signal);
    if (existing.ok) return err({ kind: 'PreconditionFailed', httpStatus: 412 });
    return existing.error.kind === 'ObjectNotFound' ? put({}) : err(existing.error);
  }

  function head(key: string, signal: AbortSignal): BucketCall<string> {
    return call(async () => {
      const output = await client.send(new HeadObjectCommand({ Bucket, Key: key, ...owner }), { abortSignal: signal });
      return output.ETag ?? '';
    });
  }

  function plain(method: string, key: string | undefined, query: string): PlainRequest {
    return {
      method,
      url: `${bucketUrl(target)}${key === undefined ? '' : `/${encodeKey(key)}`}${query}`,
      ...trust,
    };
  }

  return {
    endpointUrl: new URL(bucketUrl(target)).origin,

    async list(prefix, maxKeys, signal) {
      const listed = await call(() =>
        client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: maxKeys }), { abortSignal: signal }),
      );
      if (!listed.ok) return listed;
      // A 200 with any other body parses to an empty listing of nothing.
      if (listed.value.Name !== Bucket) return err({ kind: 'NotAnObjectStore', httpStatus: 200 });
      const keys = (listed.value.Contents ?? []).map((object) => ({
        key: object.Key ?? '',
        ...(object.LastModified !== undefined && { lastModified: object.LastModified.toISOString() }),
      }));
      return ok({ keys, truncated: listed.value.IsTruncated ?? false });
    },

    async region(signal) {
      try {
        const output = await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
        return ok(regionIn(output.BucketRegion));
      } catch (error) {
        const failure = sdkFailure(error);
        // An answer to HEAD has no body: the header is all there is, on refusals too.
        const { $response } = error as { $response?: { headers?: Readonly<Record<string, string>> } };
        const named = regionIn($response?.headers?.['x-amz-bucket-region']);
        return named.region === undefined ? err(failure) : ok(named);
      }
    },

    ...(owner !== undefined && {
      confirmOwner: (signal) =>
        call(async () => {
          await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1, ...owner }), { abortSignal: signal });
        }),
    }),

    create,

    read: (key, signal) =>
      call(async () => {
        const output = await client.send(new GetObjectCommand({ Bucket, Key: key, ...owner }), { abortSignal: signal });
        const body = (await output.Body?.transformToByteArray()) ?? new Uint8Array();
        return { body, revision: output.ETag ?? '' };
      }),

    // No If-Match: most stores refuse it. The key is ours and random, and its body was read before.
    remove: (key, _revision, signal) =>
      call(async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key: key, ...owner }), { abortSignal: signal });
      }),

    presign: (method, key, expiresInSeconds) =>
      call(async () => {
        const url = await getSignedUrl(client, commandFor(method, Bucket, key), { expiresIn: expiresInSeconds });
        return { method, url, ...trust };
      }),

    anonymousObject: (key) => plain('GET', key, ''),
    anonymousListing: (prefix) =>
      plain('GET', undefined, `?list-type=2&max-keys=1&prefix=${encodeURIComponent(prefix)}`),
    explain: explainAnswer,
    isListing: (response) => response.status === 200 && textOf(response).includes(`<Name>${Bucket}</Name>`),
    close: () => client.destroy(),
  };
}

/** Signed requests that say whose the bucket must be; only AWS heeds it, so other stores are not told. */
function expectedOwner({ storage }: S3Target): { readonly ExpectedBucketOwner: string } | undefined {
  const account = storage.provider === 'S3' ? storage.expectedBucketOwner : undefined;
  return account === undefined ? undefined : { ExpectedBucketOwner: account };
}

/**
 * The SDK learns the server's clock from its first complaint and signs with it
 * from then on. W&B's pre-signed URLs get no such help, so neither do we.
 */
function keepOwnClock(client: S3Client): void {
  client.config.systemClockOffset = 0;
}

function commandFor(method: PresignedMethod, Bucket: string, Key: string) {
  switch (method) {
    case 'PUT':
      return new PutObjectCommand({ Bucket, Key });
    case 'GET':
      return new GetObjectCommand({ Bucket, Key });
    case 'HEAD':
      return new HeadObjectCommand({ Bucket, Key });
    case 'DELETE':
      return new DeleteObjectCommand({ Bucket, Key });
  }
}

/** Base URL of the bucket, for requests without a signature. */
function bucketUrl(target: S3Target): string {
  const { name } = target.storage;
  const { protocol, host } = new URL(target.endpoint);
  return isPathStyle(target) ? `${protocol}//${host}/${name}` : `${protocol}//${name}.${host}`;
}

function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

function regionIn(region: string | undefined): { readonly region?: string } {
  return region !== undefined && /^[a-z0-9-]{1,63}$/.test(region) ? { region } : {};
}

function explainAnswer(response: PlainResponse): BucketFailure {
  const document = parseErrorDocument(textOf(response));
  const isHtml = (response.headers['content-type'] ?? '').includes('html');
  if (document === undefined && (isHtml || response.status < 400)) {
    return unreadable(response.status);
  }
  const requestId = response.headers['x-amz-request-id'];
  const region = response.headers['x-amz-bucket-region'];
  return answerFailure({
    httpStatus: response.status,
    ...document,
    ...(document?.region === undefined && region !== undefined && { region }),
    ...(requestId !== undefined && { requestId }),
  });
}

function textOf(response: PlainResponse): string {
  return Buffer.from(response.body).toString('utf8');
}
