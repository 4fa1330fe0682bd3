import type { ContainerClient, ContainerListBlobFlatSegmentResponse } from '@azure/storage-blob';
import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainRequest } from '../../ports/http.ts';
import type { MultipartUploads } from '../../ports/multipart.ts';

/** Name of the only block; within a blob all names must have the same length. */
const BLOCK = Buffer.from('0000').toString('base64');

const MAX_LISTED = 3;

/** A URL for a part, to be signed. */
interface PartWanted {
  readonly key: string;
  readonly expiresInSeconds: number;
  readonly signal: AbortSignal;
}

/** Blocks of Azure: an upload needs no start request. */
export function blockUploads({
  container,
  call,
  sign,
}: {
  readonly container: ContainerClient;
  readonly call: <T>(run: () => Promise<T>) => BucketCall<T>;
  /** Signs a URL for writing blobs, with an additional query. */
  readonly sign: (wanted: PartWanted, query: string) => BucketCall<PlainRequest>;
}): MultipartUploads {
  return {
    part: (key, _upload, expiresInSeconds, signal) =>
      sign({ key, expiresInSeconds, signal }, `comp=block&blockid=${encodeURIComponent(BLOCK)}&`),

    async complete(key, _sent, signal) {
      const committed = await call(() =>
        container.getBlockBlobClient(key).commitBlockList([BLOCK], {
          abortSignal: signal,
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/json' },
        }),
      );
      if (!committed.ok) return committed;
      const { etag: revision, versionId } = committed.value;
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
