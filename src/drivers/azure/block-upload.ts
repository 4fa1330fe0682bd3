import type { ContainerClient } from '@azure/storage-blob';
import { err, ok } from '../../domain/result.ts';
import type { BucketCall } from '../../ports/bucket.ts';
import type { PlainRequest } from '../../ports/http.ts';
import type { MultipartUploads } from '../../ports/multipart.ts';

/** Name of the only block; within a blob all names must have the same length. */
const BLOCK = Buffer.from('0000').toString('base64');

/** Blocks of Azure: they need no beginning, and those that were never committed vanish after a week. */
export function blockUploads({
  container,
  call,
  sign,
}: {
  readonly container: ContainerClient;
  readonly call: <T>(run: () => Promise<T>) => BucketCall<T>;
  /** Signs a URL with which blobs may be written, with more in its query. */
  readonly sign: (key: string, expiresInSeconds: number, query: string) => BucketCall<PlainRequest>;
}): MultipartUploads {
  return {
    part: (key, _upload, expiresInSeconds) =>
      sign(key, expiresInSeconds, `comp=block&blockid=${encodeURIComponent(BLOCK)}&`),

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
  };
}
