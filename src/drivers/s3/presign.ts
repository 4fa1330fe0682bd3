import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { PresignWanted } from '../../ports/bucket.ts';
import type { PlainRequest } from '../../ports/http.ts';

interface Wanted extends PresignWanted {
  readonly Bucket: string;
  /** Key with which uploads are encrypted. */
  readonly kmsKey: string | undefined;
}

/** A pre-signed request. Its headers are signed, so they must be sent, as W&B's clients do. */
export async function presignedRequest(client: S3Client, wanted: Wanted): Promise<PlainRequest> {
  const { method, kmsKey, headers, expiresInSeconds: expiresIn } = wanted;
  // The SDK would leave headers out of the signature, or move them into the URL. W&B's server signs them.
  const signed = new Set(Object.keys(headers ?? {}));
  const options = { expiresIn, signableHeaders: signed, unhoistableHeaders: signed };
  const url = await getSignedUrl(client, commandFor(wanted), options);
  const demanded = { ...headers, ...(method === 'PUT' && kmsKey !== undefined && encryptionHeaders(kmsKey)) };
  return { method, url, ...(Object.keys(demanded).length > 0 && { headers: demanded }) };
}

function commandFor({ method, Bucket, key: Key, kmsKey, headers }: Wanted) {
  switch (method) {
    case 'PUT':
      return new PutObjectCommand({ Bucket, Key, ...uploadInput(headers), ...encryptedWith(kmsKey) });
    case 'GET':
      return new GetObjectCommand({ Bucket, Key });
    case 'HEAD':
      return new HeadObjectCommand({ Bucket, Key });
    case 'DELETE':
      return new DeleteObjectCommand({ Bucket, Key });
  }
}

/** The headers of an upload, as the SDK names them. */
function uploadInput(headers: PresignWanted['headers'] = {}): Partial<PutObjectCommandInput> {
  const { 'content-md5': ContentMD5, 'content-type': ContentType, 'x-amz-meta-md5': md5 } = headers;
  return {
    ...(ContentMD5 !== undefined && { ContentMD5 }),
    ...(ContentType !== undefined && { ContentType }),
    ...(md5 !== undefined && { Metadata: { md5 } }),
  };
}

/** What every write says where the spec names a key: a bucket policy may refuse those that do not. */
export function encryptedWith(kmsKey: string | undefined) {
  return kmsKey === undefined ? {} : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey } as const);
}

function encryptionHeaders(kmsKey: string): Readonly<Record<string, string>> {
  return { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': kmsKey };
}
