import { describe, expect, it } from '@jest/globals';
import { fileStoreEntry, instanceBucketAddress, redactedAddress } from './file-store-address.ts';
import { Secret } from '../../base/secret.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { AzureBlobStorage, GcsStorage, S3CompatibleStorage, S3Storage } from '../bucket/storage.ts';

const credentials = { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' } as const;
const minio: S3CompatibleStorage = {
  provider: 'S3Compatible',
  name: 'omega-data',
  path: 'teams/omega',
  endpoint: { scheme: 'https', host: 'minio.acme.example', port: 9000 },
  region: 'us-east-1',
  addressing: 'Path',
  credentials,
};
const aws: S3Storage = { provider: 'S3', name: 'acme', path: '', region: 'eu-central-1', credentials };
const gcs: GcsStorage = {
  provider: 'GCS',
  name: 'acme',
  path: 'teams/omega',
  credentials: { kind: 'ServiceAccountKey', secretName: 's', key: 'key.json' },
};
const azure: AzureBlobStorage = {
  provider: 'AzureBlob',
  name: 'runs',
  path: 'teams/omega',
  storageAccount: 'acmewandb',
  credentials: { kind: 'AccountKey', secretName: 's', key: 'AZURE_STORAGE_KEY' },
};

function key(accessKeyId: string, secret: string): Credential {
  return { kind: 'AccessKey', accessKeyId, secretAccessKey: new Secret(secret) };
}
const serviceAccount: Credential = {
  kind: 'ServiceAccountKey',
  clientEmail: 'wandb@acme.iam.gserviceaccount.com',
  privateKey: new Secret('-----BEGIN PRIVATE KEY-----\nAb+/=\n-----END PRIVATE KEY-----\n'),
};
const accountKey: Credential = { kind: 'AccountKey', accountKey: new Secret('Ab+/==') };

describe('fileStoreEntry', () => {
  it.each([
    [
      'AWS',
      fileStoreEntry(aws, key('AKIA', 'abc')),
      's3://AKIA:abc@s3.eu-central-1.amazonaws.com/acme?region=eu-central-1',
    ],
    [
      'AWS in China',
      fileStoreEntry({ ...aws, region: 'cn-north-1' }, key('AKIA', 'abc')),
      's3://AKIA:abc@s3.cn-north-1.amazonaws.com.cn/acme?region=cn-north-1',
    ],
    [
      'S3-compatible stores, without the sub-path',
      fileStoreEntry(minio, key('AKIA', 'abc')),
      's3://AKIA:abc@minio.acme.example:9000/omega-data?region=us-east-1&tls=true',
    ],
    [
      'S3-compatible stores without TLS',
      fileStoreEntry({ ...minio, endpoint: { scheme: 'http', host: 'fd00::7', port: 80 } }, key('k', 's')),
      's3://k:s@[fd00::7]/omega-data?region=us-east-1&tls=false',
    ],
    [
      'CoreWeave with a key',
      fileStoreEntry({ provider: 'CoreWeave', name: 'acme', path: 'x' }, key('CW', 'abc')),
      'cw://CW:abc@cwobject.com/acme?tls=true',
    ],
    ['CoreWeave by identity', fileStoreEntry({ provider: 'CoreWeave', name: 'acme', path: 'x' }, undefined), 'cw://'],
    [
      'GCS',
      fileStoreEntry(gcs, serviceAccount),
      'gs://wandb%40acme.iam.gserviceaccount.com:-----BEGIN%20PRIVATE%20KEY-----%0AAb%2B%2F%3D%0A-----END%20PRIVATE%20KEY-----%0A@acme',
    ],
    ['Azure', fileStoreEntry(azure, accountKey), 'az://:Ab%2B%2F%3D%3D@acmewandb/runs'],
  ])('follows the documented form for %s', (_store, entry, expected) => {
    expect(entry).toBe(expected);
  });
});

describe('instanceBucketAddress', () => {
  it.each([
    ['S3', instanceBucketAddress(minio, key('k', 's')), '/omega-data/teams/omega?'],
    ['GCS', instanceBucketAddress(gcs, serviceAccount), '@acme/teams/omega'],
    ['Azure', instanceBucketAddress(azure, accountKey), '@acmewandb/runs/teams/omega'],
  ])('keeps the sub-path: %s', (_store, address, expected) => {
    expect(address).toContain(expected);
  });
});

it.each([
  [minio, 's3://***:***@minio.acme.example:9000/omega-data/teams/omega?region=us-east-1&tls=true'],
  [gcs, 'gs://***:***@acme/teams/omega'],
  [azure, 'az://:***@acmewandb/runs/teams/omega'],
  [
    { ...aws, credentials: { kind: 'Ambient' } } as const,
    's3://s3.eu-central-1.amazonaws.com/acme?region=eu-central-1',
  ],
])('shows an address without its credentials', (storage, shown) => {
  expect(redactedAddress(storage, storage.credentials.kind)).toBe(shown);
});
