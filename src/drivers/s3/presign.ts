import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PresignWanted } from '../../ports/bucket.ts';
import type { PlainRequest } from '../../ports/http.ts';
import type { S3Client } from './s3-client.ts';

/** The name of an operation, as the SDKs of AWS write it into the URL, and so W&B's server. */
const NAMED: Readonly<Record<PresignWanted['method'], { readonly 'x-id'?: string }>> = {
  PUT: { 'x-id': 'PutObject' },
  GET: { 'x-id': 'GetObject' },
  HEAD: {},
  DELETE: { 'x-id': 'DeleteObject' },
};

/**
 * A pre-signed request; `encryption` is what uploads say where the spec names a key. Its headers are signed, so they
 * must be sent, as W&B's clients do.
 */
export function presignedRequest(
  client: S3Client,
  { method, key, headers, expiresInSeconds }: PresignWanted,
  encryption: Readonly<Record<string, string>>,
): BucketCall<PlainRequest> {
  const demanded = method === 'PUT' ? { ...headers, ...encryption } : { ...headers };
  return client.presign({ method, key, query: NAMED[method], headers: demanded }, expiresInSeconds);
}

/** What every write says where the spec names a key: a bucket policy may refuse those that do not. */
export function encryptedWith(kmsKey: string | undefined): Readonly<Record<string, string>> {
  if (kmsKey === undefined) return {};
  return { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': kmsKey };
}
