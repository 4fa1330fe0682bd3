import { describe, expect, it } from '@jest/globals';
import { azureBlob, gcs, minio, s3 } from '../../../test/support/fakes/observations.ts';
import { Secret } from '../../base/secret.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import type { Credential } from '../credentials/credential-types.ts';
import { chartBucket, instanceEnvironment, instanceSecretKeys } from './instance-keys.ts';
import { slotAddress, type Row } from './ledger.ts';

const KEY: Credential = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('a/b+c') };
const FILE: Credential = { kind: 'ServiceAccountKey', clientEmail: 'w@p.example', privateKey: new Secret('pem') };
const ACCOUNT: Credential = { kind: 'AccountKey', accountKey: new Secret('a/b==') };
const coreWeave: BucketStorage = { provider: 'CoreWeave', name: 'runs', path: '', credentials: s3.credentials };

function slot(storage: BucketStorage, credential?: Credential): Row {
  return {
    address: slotAddress(storage),
    ...(credential !== undefined && { credential }),
    ...{ digest: 'd', provenAt: '2026-01-01T00:00:00Z' },
  };
}

/** What the v2 operator's `externalObjectStore` reads, besides bucket, region and path. */
const V2 = ['Provider', 'Host', 'Port', 'AccessKey', 'SecretKey', 'TlsEnabled', 'ForcePathStyle'];

function v2(row: Row): object {
  return Object.fromEntries(Object.entries(instanceSecretKeys(row)).filter(([name]) => V2.includes(name)));
}

const KEYS = { AccessKey: 'AKIA', SecretKey: 'a/b+c' };

// As `externalObjectStore` names them (wandb/operator, api/v2/weightsandbiases_types.go).
describe('the keys for the v2 operator', () => {
  it.each<[string, Row, ReturnType<typeof instanceSecretKeys>]>([
    [
      'a store with a port, addressed by path',
      slot(minio, KEY),
      { Provider: 's3', Host: 'minio.acme.example', Port: '9000', ...KEYS, TlsEnabled: 'true', ForcePathStyle: 'true' },
    ],
    [
      'a store without TLS, at the usual port, addressed by host',
      slot({ ...minio, addressing: 'VirtualHosted', endpoint: { scheme: 'http', host: 's3.lan', port: 80 } }, KEY),
      { Provider: 's3', Host: 's3.lan', ...KEYS, TlsEnabled: 'false', ForcePathStyle: 'false' },
    ],
    [
      'a store at an IPv6 address',
      slot({ ...minio, endpoint: { scheme: 'https', host: 'fd00::1', port: 9443 } }, KEY),
      { Provider: 's3', Host: '[fd00::1]', Port: '9443', ...KEYS, TlsEnabled: 'true', ForcePathStyle: 'true' },
    ],
    [
      'AWS with a key',
      slot(s3, KEY),
      {
        ...{ Provider: 's3', Host: 's3.eu-central-1.amazonaws.com', ...KEYS },
        ...{ TlsEnabled: 'true', ForcePathStyle: 'false' },
      },
    ],
    ["AWS by W&B's own identity, which names no host", slot(s3), { Provider: 's3' }],
    [
      'CoreWeave',
      slot(coreWeave, KEY),
      { Provider: 's3', Host: 'cwobject.com', ...KEYS, TlsEnabled: 'true', ForcePathStyle: 'false' },
    ],
    ['GCS with a key', slot(gcs, FILE), { Provider: 'gcs', AccessKey: 'w@p.example', SecretKey: 'pem' }],
    ["GCS by W&B's own identity", slot(gcs), { Provider: 'gcs' }],
    ['Azure', slot(azureBlob, ACCOUNT), { Provider: 'azure', AccessKey: 'acmewandb', SecretKey: 'a/b==' }],
    ["Azure by W&B's own identity", slot(azureBlob), { Provider: 'azure', AccessKey: 'acmewandb' }],
  ])('of %s', (_, row, keys) => {
    expect(v2(row)).toEqual(keys);
  });
});

it.each<[string, Row, object]>([
  [
    'an access key, encoded, because the chart puts it into a URL',
    slot(minio, KEY),
    { ACCESS_KEY: 'AKIA', SECRET_KEY: 'a%2Fb%2Bc' },
  ],
  ['an account key as it is', slot(azureBlob, ACCOUNT), { ACCESS_KEY: 'a/b==' }],
  ['no key of a service account, for which its URL has no place', slot(gcs, FILE), {}],
  ['none where there is none', slot(s3), {}],
])('the chart gets %s', (_, row, keys) => {
  const { ACCESS_KEY, SECRET_KEY } = instanceSecretKeys(row);
  expect({ ...(ACCESS_KEY !== undefined && { ACCESS_KEY }), ...(SECRET_KEY !== undefined && { SECRET_KEY }) }).toEqual(
    keys,
  );
});

it.each<[string, Row, object]>([
  [
    'region and key of AWS',
    slot({ ...s3, kmsKeyArn: 'arn:key' }),
    { AWS_REGION: 'eu-central-1', AWS_S3_KMS_ID: 'arn:key' },
  ],
  ['those of another store', slot({ ...minio, kmsKeyId: 'k' }), { AWS_REGION: 'us-east-1', AWS_S3_KMS_ID: 'k' }],
  ['the region alone where no key is set', slot(minio, KEY), { AWS_REGION: 'us-east-1' }],
  ['nothing for GCS', slot(gcs, FILE), {}],
  ['nothing for Azure', slot(azureBlob, ACCOUNT), {}],
])('the environment has %s', (_, row, environment) => {
  expect(instanceEnvironment(row)).toEqual(environment);
});

it.each<[string, Row, object]>([
  [
    'host and port as the name, and the rest as the path',
    slot({ ...minio, path: 'a b/c' }, KEY),
    { provider: 's3', name: 'minio.acme.example:9000', path: 'omega-data/a%20b/c?region=us-east-1&tls=true' },
  ],
  [
    "the bucket as the name on AWS by W&B's own identity",
    slot(s3),
    { provider: 's3', name: 'acme-wandb', path: 'teams/omega' },
  ],
  [
    'CoreWeave as a provider of its own',
    slot(coreWeave, KEY),
    { provider: 'cw', name: 'cwobject.com', path: 'runs?tls=true' },
  ],
  [
    'the account as the name on Azure',
    slot(azureBlob, ACCOUNT),
    { provider: 'az', name: 'acmewandb', path: 'omega-data' },
  ],
  ['the bucket as the name on GCS', slot(gcs, FILE), { provider: 'gcs', name: 'acme-wandb', path: 'teams/omega' }],
])('global.bucket of the chart has %s', (_, row, parts) => {
  expect(chartBucket(row, 'wandb-storage')).toMatchObject(parts);
});

it('global.bucket names the Secret only where there is a key, which the chart would put into the URL', () => {
  const secret = { secretName: 'wandb-storage', accessKeyName: 'ACCESS_KEY', secretKeyName: 'SECRET_KEY' };
  expect(chartBucket(slot(minio, KEY), 'wandb-storage')).toMatchObject({ secret });
  for (const row of [slot(s3), slot(azureBlob), slot(coreWeave)]) {
    expect(chartBucket(row, 'wandb-storage')).not.toHaveProperty('secret');
  }
});
