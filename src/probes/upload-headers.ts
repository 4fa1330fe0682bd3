import { contentMd5 } from '../base/digest.ts';
import { UPLOAD_HEADERS, type UploadHeader } from '../domain/bucket/upload-headers.ts';
import type { BucketStorage } from '../domain/bucket/storage.ts';

/** The headers with which W&B's clients upload a body in one request. */
export function uploadHeaders(
  provider: BucketStorage['provider'],
  body: Uint8Array,
): Readonly<Partial<Record<UploadHeader, string>>> {
  const checksum = contentMd5(body);
  const values: Readonly<Record<UploadHeader, string>> = {
    'content-md5': checksum,
    'content-type': 'application/json',
    'x-amz-meta-md5': checksum,
  };
  return Object.fromEntries(UPLOAD_HEADERS[provider].map((name) => [name, values[name]]));
}
