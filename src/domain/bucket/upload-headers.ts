import type { BucketStorage } from './storage.ts';

/** Headers that W&B's clients and its front end send with a whole upload. */
export type UploadHeader = 'content-md5' | 'content-type' | 'x-amz-meta-md5';

/**
 * The headers of an upload by a pre-signed URL, sorted. On stores that speak S3, what W&B gives with an upload holds
 * the checksum twice. W&B's documented CORS rule for GCS allows Content-Type alone, so that must be enough there.
 */
export const UPLOAD_HEADERS: Readonly<Record<BucketStorage['provider'], readonly UploadHeader[]>> = {
  S3: ['content-md5', 'content-type', 'x-amz-meta-md5'],
  S3Compatible: ['content-md5', 'content-type', 'x-amz-meta-md5'],
  CoreWeave: ['content-md5', 'content-type', 'x-amz-meta-md5'],
  GCS: ['content-type'],
  AzureBlob: ['content-md5', 'content-type'],
};
