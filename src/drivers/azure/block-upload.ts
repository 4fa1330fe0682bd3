import type { ContainerClient, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainRequest, PlainResponse } from '../../ports/http.ts';
import type { MultipartUploads } from '../../ports/multipart.ts';

/** Name of the only block; within a blob all names must have the same length. */
const BLOCK = Buffer.from('0000').toString('base64');

const BLOCK_LIST = `<?xml version="1.0" encoding="utf-8"?><BlockList><Latest>${BLOCK}</Latest></BlockList>`;
/** The list of blocks is sent at once. */
const COMMIT_EXPIRES_IN_SECONDS = 60;

const MAX_LISTED = 3;

/** A URL for a block or the list of blocks, to be signed. */
interface BlockUrlWanted {
  readonly key: string;
  readonly expiresInSeconds: number;
  readonly signal: AbortSignal;
}

/** Blocks of Azure: an upload needs no start request. */
export function blockUploads({
  container,
  call,
  sign,
  send,
  explain,
}: {
  readonly container: ContainerClient;
  readonly call: <T>(run: () => Promise<T>) => BucketCall<T>;
  /** Signs a URL for writing blobs, with an additional query. */
  readonly sign: (wanted: BlockUrlWanted, query: string) => BucketCall<PlainRequest>;
  readonly send: (request: PlainRequest, signal: AbortSignal) => BucketCall<PlainResponse>;
  readonly explain: (response: PlainResponse) => BucketFailure;
}): MultipartUploads {
  return {
    async part({ key, expiresInSeconds, md5 }, signal) {
      const signed = await sign({ key, expiresInSeconds, signal }, `comp=block&blockid=${encodeURIComponent(BLOCK)}&`);
      return signed.ok ? ok({ ...signed.value, headers: { 'content-md5': md5 } }) : signed;
    },

    // By a signed URL as W&B's clients do it: the permissions of a URL and those of a key differ.
    async complete(key, _sent, signal) {
      const signed = await sign({ key, expiresInSeconds: COMMIT_EXPIRES_IN_SECONDS, signal }, 'comp=blocklist&');
      if (!signed.ok) return signed;
      const headers = {
        'content-type': 'application/xml',
        'if-none-match': '*',
        'x-ms-blob-content-type': 'application/json',
      };
      const answer = await send({ ...signed.value, headers, body: Buffer.from(BLOCK_LIST) }, signal);
      if (!answer.ok) return answer;
      if (answer.value.status !== 201) return err(explain(answer.value));
      const { etag: revision, 'x-ms-version-id': versionId } = answer.value.headers;
      if (revision === undefined) return err({ kind: 'NotAnObjectStore', httpStatus: 201 });
      return ok({ revision, conditional: true, ...(versionId !== undefined && { versionId }) });
    },

    unended: {
      hasPermission: false,

      list: (prefix, abortSignal) =>
        call(async () => {
          const options = { prefix, abortSignal, includeUncommitedBlobs: true };
          const page = await container.listBlobsFlat(options).byPage({ maxPageSize: MAX_LISTED }).next();
          const { segment } = page.value as ContainerListBlobFlatSegmentResponse;
          return segment.blobItems.map(({ name }) => ({ key: name, upload: '' }));
        }),

      // Uncommitted blocks cannot be deleted. Where there is no blob, an empty one replaces them and is deleted.
      abort: (key, _upload, abortSignal) =>
        call(async () => {
          const blob = container.getBlockBlobClient(key);
          const { etag } = await blob.commitBlockList([], { abortSignal, conditions: { ifNoneMatch: '*' } });
          if (etag !== undefined) await blob.delete({ abortSignal, conditions: { ifMatch: etag } });
        }),
    },
  };
}
