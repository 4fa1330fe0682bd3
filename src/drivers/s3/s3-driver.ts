import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { contentMd5 } from '../../base/digest.ts';
import { err, ok } from '../../base/result.ts';
import { storeEndpoint, stsEndpoint, type CloudEndpoints } from '../../domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../domain/bucket/target.ts';
import type { GuardedHttp } from '../../net/guarded-http.ts';
import type { BucketCall, CreatedObject } from '../../ports/bucket-call.ts';
import type { BucketClient, BucketDriver, Listing } from '../../ports/bucket.ts';
import { createAwsSession, isAwsSignIn } from './aws-session.ts';
import { bodyText, plainFailure, REGION } from './error-mapping.ts';
import { multipartUploads } from './multipart.ts';
import { detailsIn, listedObject, readObject } from './objects.ts';
import { encryptedWith, presignedRequest } from './presign.ts';
import { isPublicByRules } from './public-access.ts';
import { createS3Client } from './s3-client.ts';
import { settingsRequests } from './settings.ts';
import { createSts } from './sts.ts';
import { bucketUrl, signingRegion, type S3Target } from './target.ts';
import { childrenOf, textOf } from './xml.ts';

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
  const bucket = target.storage.name;
  const owner = expectedOwner(target);
  const owned = owner ?? {};
  const encryption = encryptedWith(kmsKeyOf(target));
  const client = createS3Client(target, net.http);

  async function create(key: string, body: Uint8Array, signal: AbortSignal): BucketCall<CreatedObject> {
    const put = async (condition: { readonly 'if-none-match'?: string }): BucketCall<CreatedObject> => {
      const headers = {
        'content-type': 'application/json',
        // AWS refuses a PUT without it where the bucket has a default retention.
        'content-md5': contentMd5(body),
        ...owned,
        ...encryption,
        ...condition,
      };
      const query = { 'x-id': 'PutObject' };
      const stored = await client.send({ method: 'PUT', key, query, headers, body }, signal);
      if (!stored.ok) return stored;
      const { etag: revision, 'x-amz-version-id': versionId } = stored.value.headers;
      // A web server that answers everything with 200 has no ETag.
      if (revision === undefined) return err({ kind: 'NotAnObjectStore', httpStatus: 200 });
      const conditional = condition['if-none-match'] !== undefined;
      return ok({ revision, conditional, ...(versionId !== undefined && { versionId }) });
    };
    const conditional = await put({ 'if-none-match': '*' });
    if (conditional.ok || !MAY_BE_THE_CONDITION.includes(conditional.error.kind)) return conditional;
    // Possibly a store without conditional writes: check first. Our keys have a random part, so there is no race.
    const existing = await client.send({ method: 'HEAD', key, headers: owned }, signal);
    if (existing.ok) {
      const { error } = conditional;
      return err(error.kind === 'PreconditionFailed' ? error : { kind: 'PreconditionFailed', httpStatus: 412 });
    }
    return existing.error.kind === 'ObjectNotFound' ? put({}) : conditional;
  }

  async function list({ prefix, start, maxKeys, headers = {} }: ListWanted, signal: AbortSignal): BucketCall<Listing> {
    const from = start === undefined ? {} : { 'start-after': start };
    const query = { 'list-type': '2', prefix, ...from, 'max-keys': String(maxKeys) };
    const listed = await client.ask({ method: 'GET', query, headers }, signal);
    if (!listed.ok) return listed;
    const { rootName, root } = listed.value;
    // A 200 may have any other body.
    if (textOf(root, 'Name') !== bucket) {
      // The list of all buckets: no bucket was seen in the host.
      const kind = rootName === 'ListAllMyBucketsResult' ? 'AddressingRefused' : 'NotAnObjectStore';
      return err({ kind, httpStatus: 200 });
    }
    const truncated = textOf(root, 'IsTruncated') === 'true';
    return ok({ keys: childrenOf(root, 'Contents').map(listedObject), truncated });
  }

  return {
    endpointUrl: bucketUrl(target).origin,

    list: (prefix, maxKeys, signal) => list({ prefix, maxKeys }, signal),

    async region(signal) {
      const answer = await client.send({ method: 'HEAD' }, signal);
      // A refusal names the region, too.
      if (!answer.ok) return answer.error.region === undefined ? answer : ok({ region: answer.error.region });
      const region = answer.value.headers['x-amz-bucket-region'];
      return ok(region !== undefined && REGION.test(region) ? { region } : {});
    },

    listFrom: (prefix, start, maxKeys, signal) => list({ prefix, start, maxKeys, headers: owned }, signal),
    isOwnerExpected: owner !== undefined,

    credentialExpiresAt: () => target.session.endsAt()?.toISOString(),

    ...(target.session.isExternalIdEnforced !== undefined && {
      isExternalIdEnforced: target.session.isExternalIdEnforced,
    }),
    settings: (probePrefix) =>
      settingsRequests({ client, headers: owned, namesCors: target.storage.provider !== 'S3Compatible' }, probePrefix),

    // Only AWS reports what it considers public; the name of the permission is its own.
    ...(target.storage.provider === 'S3' && {
      isPublicByRules: (signal) => isPublicByRules(client, owned, signal),
    }),

    create,

    async read(key, signal) {
      const query = { 'x-id': 'GetObject' };
      const answer = await client.send({ method: 'GET', key, query, headers: owned }, signal);
      return answer.ok ? ok(readObject(answer.value)) : answer;
    },

    // No If-Match: most stores refuse it. The key is ours and random, and its body was verified before.
    async remove(key, _revision, signal) {
      const query = { 'x-id': 'DeleteObject' };
      const answer = await client.send({ method: 'DELETE', key, query, headers: owned }, signal);
      return answer.ok ? ok(undefined) : answer;
    },

    presign: (wanted) => presignedRequest(client, wanted, encryption),
    revisionIn: ({ headers }) => headers['etag'],
    detailsIn,

    multipart: multipartUploads({ client, owner: owned, encryption }),

    anonymousObject: (key) => client.unsigned({ method: 'GET', key }),
    anonymousListing: (prefix) =>
      client.unsigned({ method: 'GET', query: { 'list-type': '2', 'max-keys': '1', prefix } }),
    explain: plainFailure,
    isListing: (response) => response.status === 200 && bodyText(response).includes(`<Name>${bucket}</Name>`),
    // A creation without a condition and a look at the rules take more than one.
    requestsSent: () => client.sent,
    close: () => undefined,
  };
}

interface ListWanted {
  readonly prefix: string;
  /** The keys after this one. */
  readonly start?: string;
  readonly maxKeys: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The key from the spec with which objects are encrypted. */
function kmsKeyOf({ storage }: S3Target): string | undefined {
  if (storage.provider === 'S3') return storage.kmsKeyArn;
  return storage.provider === 'S3Compatible' ? storage.kmsKeyId : undefined;
}

/** The expected owner for signed requests. Only AWS evaluates it, so it is not sent to other stores. */
function expectedOwner({ storage }: S3Target): Readonly<Record<string, string>> | undefined {
  const account = storage.provider === 'S3' ? storage.expectedBucketOwner : undefined;
  return account === undefined ? undefined : { 'x-amz-expected-bucket-owner': account };
}
