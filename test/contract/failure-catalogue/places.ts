import { generateKeyPairSync } from 'node:crypto';
import { Secret } from '../../../src/base/secret.ts';
import { PUBLIC_CLOUDS, type CloudEndpoints } from '../../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../../src/domain/bucket/target.ts';
import type { Credential } from '../../../src/domain/credentials/credential-types.ts';
import type { BucketStorage } from '../../../src/domain/bucket/storage.ts';
import type { StoreKind } from '../../servers/fault-server/server.ts';

export const PROVIDERS = ['S3', 'S3Compatible', 'CoreWeave', 'GCS', 'AzureBlob'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A bucket of a provider as the operator is told of it. */
export interface Place {
  readonly target: BucketTarget;
  readonly clouds: CloudEndpoints;
}

/** Account that is told to own the bucket on AWS. */
export const OWNER = '111122223333';
export const BUCKET = 'omega-data';
export const REGION = 'us-east-1';

const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/CANARY-of-the-key';
const ACCOUNT_KEY = Buffer.from('CANARY-of-the-account-key-'.repeat(3)).toString('base64');
const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** What must be in no text: keys, signatures, and the store's own words. */
export const SECRETS: readonly string[] = [
  SECRET_KEY,
  ACCOUNT_KEY,
  PRIVATE_KEY.split('\n')[3] ?? '',
  'CANARY',
  'Signature=',
  'sig=',
];

/** Which kind of fault server stands for a provider. */
export const KIND_OF: Readonly<Record<Provider, StoreKind>> = {
  S3: 's3',
  S3Compatible: 's3',
  CoreWeave: 's3',
  GCS: 'gcs',
  AzureBlob: 'azure',
};

/** A bucket of each provider at a store on loopback, for which any name stands. */
export function placeOf(
  provider: Provider,
  at: { readonly port: number; readonly tls?: boolean; readonly caBundle?: string; readonly name?: string },
): Place {
  const { port, name = BUCKET } = at;
  const scheme = at.tls === true ? 'https' : 'http';
  const clouds = {
    ...PUBLIC_CLOUDS,
    aws: `${scheme}://s3.{region}.aws.test:${port}`,
    gcs: `${scheme}://gcs.test:${port}`,
    azureBlob: `${scheme}://{account}.blob.test:${port}`,
    coreWeave: `${scheme}://cw.test:${port}`,
  };
  const { storage, credential } = specOf(provider, { name, scheme, port });
  return { target: { storage, credential, ...(at.caBundle !== undefined && { caBundle: at.caBundle }) }, clouds };
}

function specOf(
  provider: Provider,
  { name, scheme, port }: { readonly name: string; readonly scheme: 'http' | 'https'; readonly port: number },
): { readonly storage: BucketStorage; readonly credential: Credential } {
  const location = { name, path: 'teams/omega' };
  switch (provider) {
    case 'S3':
      return {
        storage: { ...location, provider, region: REGION, expectedBucketOwner: OWNER, credentials: accessKeyRef },
        credential: accessKey,
      };
    case 'S3Compatible':
      return {
        storage: {
          ...location,
          provider,
          region: REGION,
          endpoint: { scheme, host: 'store.test', port },
          addressing: 'Path',
          credentials: accessKeyRef,
        },
        credential: accessKey,
      };
    case 'CoreWeave':
      return { storage: { ...location, provider, region: REGION, credentials: accessKeyRef }, credential: accessKey };
    case 'GCS':
      return {
        storage: {
          ...location,
          provider,
          credentials: { kind: 'ServiceAccountKey', secretName: 'omega', key: 'key.json' },
        },
        credential: {
          kind: 'ServiceAccountKey',
          clientEmail: 'omega@acme.iam.gserviceaccount.com',
          privateKey: new Secret(PRIVATE_KEY),
        },
      };
    case 'AzureBlob':
      return {
        storage: {
          ...location,
          provider,
          storageAccount: 'acmewandb',
          credentials: { kind: 'AccountKey', secretName: 'omega', key: 'AZURE_STORAGE_KEY' },
        },
        credential: { kind: 'AccountKey', accountKey: new Secret(ACCOUNT_KEY) },
      };
  }
}

const accessKeyRef = {
  kind: 'AccessKey',
  secretName: 'omega',
  accessKeyIdKey: 'ACCESS_KEY',
  secretAccessKeyKey: 'SECRET_KEY',
} as const;

const accessKey = {
  kind: 'AccessKey',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret(SECRET_KEY),
} as const;
