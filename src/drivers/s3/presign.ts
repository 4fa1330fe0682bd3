import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { PresignedMethod } from '../../domain/observations/observations.ts';
import type { PlainRequest } from '../../ports/http.ts';

interface Wanted {
  readonly method: PresignedMethod;
  readonly Bucket: string;
  readonly Key: string;
  /** Key with which uploads are encrypted. */
  readonly kmsKey: string | undefined;
}

/** A pre-signed request. Headers for encryption are signed, so they must be sent, as W&B's clients do. */
export async function presignedRequest(client: S3Client, wanted: Wanted, expiresIn: number): Promise<PlainRequest> {
  const { method, kmsKey } = wanted;
  const url = await getSignedUrl(client, commandFor(wanted), { expiresIn });
  return { method, url, ...(method === 'PUT' && kmsKey !== undefined && { headers: encryptionHeaders(kmsKey) }) };
}

function commandFor({ method, Bucket, Key, kmsKey }: Wanted) {
  switch (method) {
    case 'PUT': {
      const encryption =
        kmsKey === undefined ? {} : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey } as const);
      return new PutObjectCommand({ Bucket, Key, ...encryption });
    }
    case 'GET':
      return new GetObjectCommand({ Bucket, Key });
    case 'HEAD':
      return new HeadObjectCommand({ Bucket, Key });
    case 'DELETE':
      return new DeleteObjectCommand({ Bucket, Key });
  }
}

function encryptionHeaders(kmsKey: string): Readonly<Record<string, string>> {
  return { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': kmsKey };
}
