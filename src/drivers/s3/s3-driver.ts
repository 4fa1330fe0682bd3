import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type ListObjectsV2CommandInput,
} from '@aws-sdk/client-s3';
import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { contentMd5 } from '../../base/digest.ts';
import { err, ok } from '../../base/result.ts';
import { storeEndpoint, stsEndpoint, type CloudEndpoints } from '../../domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../domain/bucket/target.ts';
import type { GuardedHttp } from '../../net/guarded-http.ts';
import type { BucketCall, CreatedObject } from '../../ports/bucket-call.ts';
import type { BucketClient, BucketDriver, Listing } from '../../ports/bucket.ts';
import type { PlainRequest, PlainResponse } from '../../ports/http.ts';
import { createAwsSession, isAwsSignIn } from './aws-session.ts';
import { clientConfig, isPathStyle, signingRegion, type S3Target } from './client-config.ts';
import { answerFailure, parseErrorDocument, redirectIn, REGION, sdkFailure, unreadable } from './error-mapping.ts';
import { createGuardedHandler } from './guarded-handler.ts';
import { multipartUploads } from './multipart.ts';
import { detailsIn, listedObject, readObject } from './objects.ts';
import { encryptedWith, presignedRequest } from './presign.ts';
import { isPublicByRules } from './public-access.ts';
import { settingsRequests } from './settings.ts';
import { createSts } from './sts.ts';

/** Refusals that may mean the condition of a write: stores that do not know it have no common code for that. */
const MAY_BE_THE_CONDITION: readonly BucketFailureKind[] = [
  'NotImplemented',
  'RequestRefused',
  'PreconditionFailed',
  'ObjectNotFound',
];

/** S3 and S3-compatible stores. */
export function createS3Driver(deps: { readonly net: GuardedHttp; readonly clouds: CloudEndpoints }): BucketDriver {
  return { open: (target) => openBucket(s3Target(target, deps), deps.net) };
}

function s3Target(
  { storage, credential, caBundle }: BucketTarget,
  { net, clouds }: { readonly net: GuardedHttp; readonly clouds: CloudEndpoints },
): S3Target {
  if (storage.provider === 'GCS' || storage.provider === 'AzureBlob' || !isAwsSignIn(credential)) {
    throw new Error(`the S3 driver was given a bucket of ${storage.provider} with ${credential.kind}`);
  }
  const endpoint = storeEndpoint(storage, clouds);
  const region = signingRegion(storage);
  const sts = createSts({ http: net.http, endpoint: stsEndpoint(region, clouds), region });
  return { storage, session: createAwsSession(credential, sts), endpoint, ...(caBundle !== undefined && { caBundle }) };
}

// eslint-disable-next-line max-lines-per-function -- one short function for each operation of the port
function openBucket(target: S3Target, net: GuardedHttp): BucketClient {
  const Bucket = target.storage.name;
  const owner = expectedOwner(target);
  const kmsKey = kmsKeyOf(target);
  const trust = target.caBundle === undefined ? {} : { caBundle: target.caBundle };
  /** The last answer was the list of all buckets: no bucket was seen in the host. */
  let listsBuckets = false;
  let sent = 0;
  const client: S3Client = new S3Client({
    ...clientConfig(target),
    requestHandler: createGuardedHandler(net.http, {
      ...trust,
      onRequest() {
        sent += 1;
        keepOwnClock(client);
      },
      onAnswer: (answer) => (listsBuckets = textOf(answer).includes('<ListAllMyBucketsResult')),
    }),
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
      const input = {
        Bucket,
        Key: key,
        Body: body,
        ContentType: 'application/json',
        // AWS refuses a PUT without it where the bucket has a default retention.
        ContentMD5: contentMd5(body),
        ...owner,
        ...encryptedWith(kmsKey),
        ...condition,
      };
      const stored = await call(() => client.send(new PutObjectCommand(input), { abortSignal: signal }));
      if (!stored.ok) return stored;
      const { ETag: revision, VersionId: versionId } = stored.value;
      // A web server that answers everything with 200 has no ETag.
      if (revision === undefined) return err({ kind: 'NotAnObjectStore', httpStatus: 200 });
      const conditional = condition.IfNoneMatch !== undefined;
      return ok({ revision, conditional, ...(versionId !== undefined && { versionId }) });
    };
    const conditional = await put({ IfNoneMatch: '*' });
    if (conditional.ok || !MAY_BE_THE_CONDITION.includes(conditional.error.kind)) return conditional;
    // Possibly a store without conditional writes: check first. Our keys have a random part, so there is no race.
    const existing = await head(key, signal);
    if (existing.ok) {
      const { error } = conditional;
      return err(error.kind === 'PreconditionFailed' ? error : { kind: 'PreconditionFailed', httpStatus: 412 });
    }
    return existing.error.kind === 'ObjectNotFound' ? put({}) : conditional;
  }

  function head(key: string, signal: AbortSignal): BucketCall<string> {
    return call(async () => {
      const output = await client.send(new HeadObjectCommand({ Bucket, Key: key, ...owner }), { abortSignal: signal });
      return output.ETag ?? '';
    });
  }

  async function list(what: Omit<ListObjectsV2CommandInput, 'Bucket'>, signal: AbortSignal): BucketCall<Listing> {
    const listed = await call(() =>
      client.send(new ListObjectsV2Command({ Bucket, ...what }), { abortSignal: signal }),
    );
    if (!listed.ok) return listed;
    // A 200 with any other body is parsed as an empty listing without a name.
    if (listed.value.Name !== Bucket) {
      return err({ kind: listsBuckets ? 'AddressingRefused' : 'NotAnObjectStore', httpStatus: 200 });
    }
    return ok({ keys: (listed.value.Contents ?? []).map(listedObject), truncated: listed.value.IsTruncated ?? false });
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

    list: (prefix, maxKeys, signal) => list({ Prefix: prefix, MaxKeys: maxKeys }, signal),

    async region(signal) {
      try {
        const output = await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
        return ok(regionIn(output.BucketRegion));
      } catch (error) {
        const failure = sdkFailure(error);
        // An answer to HEAD has no body, so only the header has the region, on refusals too.
        const { $response } = error as { $response?: { headers?: Readonly<Record<string, string>> } };
        const named = regionIn($response?.headers?.['x-amz-bucket-region']);
        return named.region === undefined ? err(failure) : ok(named);
      }
    },

    listFrom: (prefix, start, maxKeys, signal) =>
      list({ Prefix: prefix, StartAfter: start, MaxKeys: maxKeys, ...owner }, signal),
    isOwnerExpected: owner !== undefined,

    credentialExpiresAt: () => target.session.endsAt()?.toISOString(),

    ...(target.session.isExternalIdEnforced !== undefined && {
      isExternalIdEnforced: target.session.isExternalIdEnforced,
    }),
    settings: (probePrefix) =>
      settingsRequests(
        { client, Bucket, ...owner, namesCors: target.storage.provider !== 'S3Compatible' },
        probePrefix,
      ),

    // Only AWS reports what it considers public; the name of the permission is its own.
    ...(target.storage.provider === 'S3' && {
      isPublicByRules: (signal) => call(() => isPublicByRules(client, { Bucket, ...owner }, signal)),
    }),

    create,

    read: (key, signal) =>
      call(async () => {
        const input = { Bucket, Key: key, ...owner };
        return readObject(await client.send(new GetObjectCommand(input), { abortSignal: signal }));
      }),

    // No If-Match: most stores refuse it. The key is ours and random, and its body was verified before.
    remove: (key, _revision, signal) =>
      call(async () => {
        await client.send(new DeleteObjectCommand({ Bucket, Key: key, ...owner }), { abortSignal: signal });
      }),

    presign: (wanted) =>
      call(async () => ({ ...(await presignedRequest(client, { ...wanted, Bucket, kmsKey })), ...trust })),
    revisionIn: ({ headers }) => headers['etag'],
    detailsIn,

    multipart: multipartUploads({ client, call, Bucket, owner: owner ?? {}, kmsKey, trust }),

    anonymousObject: (key) => plain('GET', key, ''),
    anonymousListing: (prefix) =>
      plain('GET', undefined, `?list-type=2&max-keys=1&prefix=${encodeURIComponent(prefix)}`),
    explain: explainAnswer,
    isListing: (response) => response.status === 200 && textOf(response).includes(`<Name>${Bucket}</Name>`),
    // A creation without a condition and a look at the rules take more than one.
    requestsSent: () => sent,
    close: () => client.destroy(),
  };
}

/** The key from the spec with which objects are encrypted. */
function kmsKeyOf({ storage }: S3Target): string | undefined {
  if (storage.provider === 'S3') return storage.kmsKeyArn;
  return storage.provider === 'S3Compatible' ? storage.kmsKeyId : undefined;
}

/** The expected owner for signed requests. Only AWS evaluates it, so it is not sent to other stores. */
function expectedOwner({ storage }: S3Target): { readonly ExpectedBucketOwner: string } | undefined {
  const account = storage.provider === 'S3' ? storage.expectedBucketOwner : undefined;
  return account === undefined ? undefined : { ExpectedBucketOwner: account };
}

/**
 * After an error the SDK adopts the server's clock for its signatures. W&B's
 * pre-signed URLs have no such correction, so it is disabled here.
 */
function keepOwnClock(client: S3Client): void {
  client.config.systemClockOffset = 0;
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
  return region !== undefined && REGION.test(region) ? { region } : {};
}

function explainAnswer(response: PlainResponse): BucketFailure {
  const document = parseErrorDocument(textOf(response));
  const isHtml = (response.headers['content-type'] ?? '').includes('html');
  if (document === undefined && (isHtml || response.status < 400)) {
    return { ...unreadable(response.status), ...redirectIn(response.headers) };
  }
  const requestId = response.headers['x-amz-request-id'];
  const region = response.headers['x-amz-bucket-region'];
  return answerFailure({
    httpStatus: response.status,
    ...redirectIn(response.headers),
    ...document,
    ...(document?.region === undefined && region !== undefined && { region }),
    ...(requestId !== undefined && { requestId }),
  });
}

function textOf(response: PlainResponse): string {
  return Buffer.from(response.body).toString('utf8');
}
