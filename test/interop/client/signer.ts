import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BlobSASPermissions, generateBlobSASQueryParameters, StorageSharedKeyCredential } from '@azure/storage-blob';
import { Storage } from '@google-cloud/storage';
import { GoogleAuth, JWT, type AuthClient } from 'google-auth-library';
import type { CloudEndpoints } from '../../../src/domain/bucket/store-endpoint.ts';

/** A URL for an upload, and the headers that the client must send with it. */
export interface Upload {
  readonly url: string;
  readonly headers: readonly string[];
}

/** Signs URLs of one bucket. */
export interface Signer {
  /** `md5`: of the content, in base64, where the client has said it. */
  upload(key: string, md5?: string): Promise<Upload>;
  read(key: string): Promise<string>;
  /** Uploads in parts, which only S3 has. */
  readonly parts?: {
    start(key: string): Promise<string>;
    part(key: string, upload: string, partNumber: number): Promise<string>;
    complete(key: string, upload: string, parts: readonly CompletedPart[]): Promise<void>;
  };
}

export interface CompletedPart {
  readonly PartNumber: number;
  readonly ETag: string;
}

/**
 * Signs with one entry of the published file stores and nothing else, read by W&B's documented grammar. `clouds` says
 * where Google's and Azure's clouds are: emulators have other addresses, and an entry names none.
 */
export function createSigner(entry: string, clouds: CloudEndpoints): Signer {
  const [, scheme = '', user = '', password = '', rest = ''] = /^(\w+):\/\/([^:@]*):([^@]*)@(.*)$/.exec(entry) ?? [];
  const [key, secret] = [decodeURIComponent(user), decodeURIComponent(password)];
  switch (scheme) {
    case 's3':
      return s3Signer(new URL(`s3://${rest}`), key, secret);
    case 'gs':
      return gcsSigner(decodeURIComponent(rest), { email: key, key: secret }, clouds.gcs);
    case 'az':
      return azureSigner(rest, secret, clouds.azureBlob);
    default:
      throw new Error(`the entry begins with "${scheme}://"`);
  }
}

const SECONDS = 86_400;

function s3Signer(address: URL, accessKeyId: string, secretAccessKey: string): Signer {
  const query = address.searchParams;
  const Bucket = decodeURIComponent(address.pathname.slice(1));
  const client = new S3Client({
    endpoint: `${query.get('tls') === 'true' ? 'https' : 'http'}://${address.host}`,
    region: query.get('region') ?? 'us-east-1',
    forcePathStyle: query.get('forcePathStyle') !== 'false',
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    async upload(Key, md5) {
      const object = { Bucket, Key, ...(md5 !== undefined && { ContentMD5: md5, Metadata: { md5 } }) };
      // Stores take no header x-amz-* that is not signed.
      const unhoistableHeaders = new Set(['x-amz-meta-md5']);
      const url = await getSignedUrl(client, new PutObjectCommand(object), { expiresIn: SECONDS, unhoistableHeaders });
      return { url, headers: md5 === undefined ? [] : [`Content-MD5:${md5}`, `X-Amz-Meta-Md5:${md5}`] };
    },
    read: (Key) => getSignedUrl(client, new GetObjectCommand({ Bucket, Key }), { expiresIn: SECONDS }),
    parts: {
      async start(Key) {
        const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
        return UploadId;
      },
      part: (Key, UploadId, PartNumber) =>
        getSignedUrl(client, new UploadPartCommand({ Bucket, Key, UploadId, PartNumber }), { expiresIn: SECONDS }),
      async complete(Key, UploadId, parts) {
        const MultipartUpload = { Parts: [...parts] };
        await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
      },
    },
  };
}

function gcsSigner(
  bucket: string,
  credentials: { readonly email: string; readonly key: string },
  apiEndpoint: string,
): Signer {
  const own = { projectId: 'interop', universeDomain: 'googleapis.com' };
  const auth = new GoogleAuth<AuthClient>({ ...own, authClient: new JWT(credentials) });
  // Otherwise it would look for credentials of this machine.
  auth.getCredentials = () => Promise.resolve({ client_email: credentials.email });
  const files = new Storage({ ...own, apiEndpoint, authClient: auth }).bucket(bucket);
  const sign = async (key: string, options: { action: 'read' | 'write'; contentMd5?: string }): Promise<string> => {
    const [url] = await files
      .file(key)
      .getSignedUrl({ version: 'v4', expires: Date.now() + SECONDS * 1000, ...options });
    return url;
  };
  return {
    async upload(key, contentMd5) {
      const url = await sign(key, { action: 'write', ...(contentMd5 !== undefined && { contentMd5 }) });
      return { url, headers: contentMd5 === undefined ? [] : [`Content-MD5:${contentMd5}`] };
    },
    read: (key) => sign(key, { action: 'read' }),
  };
}

function azureSigner(place: string, accountKey: string, endpoint: string): Signer {
  const [account = '', container = ''] = place.split('/').map(decodeURIComponent);
  const credential = new StorageSharedKeyCredential(account, accountKey);
  const base = endpoint.replaceAll('{account}', account);
  const sign = (blobName: string, permissions: string): string => {
    const sas = generateBlobSASQueryParameters(
      {
        containerName: container,
        blobName,
        permissions: BlobSASPermissions.parse(permissions),
        expiresOn: new Date(Date.now() + SECONDS * 1000),
      },
      credential,
    );
    return `${base}/${container}/${blobName.split('/').map(encodeURIComponent).join('/')}?${sas.toString()}`;
  };
  return {
    upload: (key, md5) =>
      Promise.resolve({
        url: sign(key, 'cw'),
        headers: ['x-ms-blob-type:BlockBlob', ...(md5 === undefined ? [] : [`Content-MD5:${md5}`])],
      }),
    read: (key) => Promise.resolve(sign(key, 'r')),
  };
}
