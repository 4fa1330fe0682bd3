import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { err, ok } from '../../base/result.ts';
import type { BucketCall, CreatedObject } from '../../ports/bucket-call.ts';
import type { MultipartUploads, SentPart } from '../../ports/multipart.ts';
import { encryptedWith } from './presign.ts';

const MAX_LISTED = 3;
const NO_STORE = err({ kind: 'NotAnObjectStore', httpStatus: 200 } as const);

/** Multipart uploads of S3, with one part, which may be small because it is the last. */
export function multipartUploads({
  client,
  call,
  Bucket,
  owner,
  kmsKey,
  trust,
}: {
  readonly client: S3Client;
  readonly call: <T>(run: () => Promise<T>) => BucketCall<T>;
  readonly Bucket: string;
  /** `ExpectedBucketOwner`, where one is. */
  readonly owner: { readonly ExpectedBucketOwner?: string };
  /** Key that uploads are to be encrypted with. */
  readonly kmsKey: string | undefined;
  readonly trust: { readonly caBundle?: string };
}): MultipartUploads {
  async function complete(key: string, sent: SentPart, signal: AbortSignal): BucketCall<CreatedObject> {
    const { upload: UploadId, answer } = sent;
    const { etag: ETag } = answer.headers;
    if (ETag === undefined) return NO_STORE;
    const input = { Bucket, Key: key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] }, ...owner };
    const done = await call(() => client.send(new CompleteMultipartUploadCommand(input), { abortSignal: signal }));
    if (!done.ok) return done;
    const { ETag: revision, VersionId: versionId } = done.value;
    if (revision === undefined) return NO_STORE;
    return ok({ revision, conditional: false, ...(versionId !== undefined && { versionId }) });
  }

  return {
    async start(key, signal) {
      const input = { Bucket, Key: key, ContentType: 'application/json', ...owner, ...encryptedWith(kmsKey) };
      const started = await call(() => client.send(new CreateMultipartUploadCommand(input), { abortSignal: signal }));
      if (!started.ok) return started;
      return started.value.UploadId === undefined ? NO_STORE : ok(started.value.UploadId);
    },

    part: ({ key, upload: UploadId, expiresInSeconds: expiresIn, md5 }) =>
      call(async () => {
        const command = new UploadPartCommand({ Bucket, Key: key, UploadId, PartNumber: 1, ContentMD5: md5 });
        const url = await getSignedUrl(client, command, { expiresIn });
        return { method: 'PUT', url, headers: { 'content-md5': md5 }, ...trust };
      }),

    complete,

    unended: {
      hasPermission: true,
      // MinIO lists the uploads of a complete key only, and aborts uploads by itself after a day.
      list: (prefix, signal) =>
        call(async () => {
          const input = { Bucket, Prefix: prefix, MaxUploads: MAX_LISTED, ...owner };
          const listed = await client.send(new ListMultipartUploadsCommand(input), { abortSignal: signal });
          return (listed.Uploads ?? []).flatMap(({ Key: key = '', UploadId: upload }) =>
            key.startsWith(prefix) && upload !== undefined ? [{ key, upload }] : [],
          );
        }),
      abort: (key, UploadId, signal) =>
        call(async () => {
          const input = { Bucket, Key: key, UploadId, ...owner };
          await client.send(new AbortMultipartUploadCommand(input), { abortSignal: signal });
        }),
    },
  };
}
