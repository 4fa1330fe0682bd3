import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listEverything as listAzure } from '../../servers/azurite.ts';
import { corsFor, createGcsAccount, createGcsBucket, gcsAdmin, type GcsAccount } from '../../servers/gcs.ts';
import { createUser, listEverything as listMinio } from '../../servers/minio.ts';
import { applySecret, minioBucket, rootKey } from '../../servers/objects.ts';
import { adminRequest, newBucket, newContainer, sharedServers } from '../../servers/shared.ts';
import { allowActingAs, applyServiceAccount } from '../../servers/workloads.ts';
import type { Spec } from './placement.ts';

export type Provider = 'S3Compatible' | 'S3' | 'CoreWeave' | 'GCS' | 'AzureBlob';

export const ORIGIN = 'https://wandb.example.com';
const OTHER_ORIGIN = 'https://wandb-2.example.com';
/** Stands in a spec for the second bucket of the object that gets it. */
export const OTHER_BUCKET = '@other-bucket';
const SECOND = { name: 'second', secret: 'secret-of-second' };
const SERVICE_ACCOUNT = 'wandb-app';

/** Buckets of all providers, and in the namespace everything that leads to them. */
export interface Stores {
  newBucket(provider: Provider): Promise<string>;
  contents(provider: Provider, bucket: string): Promise<readonly string[]>;
  bucketSpec(provider: Provider, bucket: string): Spec;
  /** Values of fields that lead to something that is there, by the steps to the field. */
  known(path: string): readonly string[];
}

/** Flags of an operator that finds AWS and CoreWeave on MinIO, and nothing where tokens are exchanged. */
export function endpointFlags(closedPort: number): readonly string[] {
  const { endpoint } = sharedServers().minio;
  const nobody = ['aws-sts', 'gcp-sts', 'gcp-iam', 'azure-login'].map(
    (name) => `--${name}-endpoint=http://127.0.0.1:${closedPort}`,
  );
  return [`--aws-endpoint=${endpoint}`, `--coreweave-endpoint=${endpoint}`, ...nobody];
}

export async function createStores(namespace: string): Promise<Stores> {
  const { minio, azurite, gcs } = sharedServers();
  const account = await createGcsAccount(gcs);
  await createUser(minio, { ...SECOND, buckets: ['*'], actions: ['s3:*'] });
  await putReferences(namespace, account);
  return {
    async newBucket(provider) {
      if (provider === 'AzureBlob') return newContainer('change');
      if (provider !== 'GCS') return newBucket('change');
      return createGcsBucket(gcs, { account, prefix: 'change', cors: [corsFor(ORIGIN), corsFor(OTHER_ORIGIN)] });
    },
    contents(provider, bucket) {
      if (provider === 'AzureBlob') return listAzure(azurite, bucket);
      return provider === 'GCS' ? gcsAdmin(gcs, 'listEverything', { bucket }) : listMinio(minio, bucket);
    },
    bucketSpec: (provider, name) => ({ ...memberOf(provider), provider, name }),
    known: (path) => knownValues().find(([pattern]) => pattern.test(path))?.[1] ?? [],
  };
}

function memberOf(provider: Provider): Spec {
  const { minio, azurite } = sharedServers();
  const credentials = { accessKey: { secretRef: { name: 'minio' } } };
  switch (provider) {
    case 'S3Compatible':
      return minioBucket(minio, '', 'minio');
    case 'S3':
      return { s3: { region: 'us-east-1', credentials } };
    case 'CoreWeave':
      return { coreWeave: { credentials } };
    case 'GCS':
      return { gcs: { credentials: { serviceAccountKey: { secretRef: { name: 'gcs' } } } } };
    case 'AzureBlob': {
      const accountKey = { secretRef: { name: 'azure' } };
      return { azureBlob: { storageAccount: azurite.account, credentials: { accountKey } } };
    }
  }
}

function knownValues(): readonly (readonly [RegExp, readonly string[]])[] {
  const { minio, azurite } = sharedServers();
  return [
    [/accessKey\.secretRef\.name$/, ['minio-2']],
    [/accessKeyIdKey$/, ['OTHER_ID']],
    [/secretAccessKeyKey$/, ['OTHER_SECRET']],
    [/serviceAccountKey\.secretRef\.name$/, ['gcs-2']],
    [/accountKey\.secretRef\.name$/, ['azure-2']],
    [/(ccountKey\.secretRef|KeyRef)\.key$/, ['other']],
    [/KeyRef\.name$/, ['ca']],
    [/serviceAccountRef\.name$/, [SERVICE_ACCOUNT]],
    [/^bucket\.name$/, [OTHER_BUCKET]],
    [/path$/, ['teams/omega']],
    [/endpoint$/, [minio.endpoint.replace('127.0.0.1', 'localhost')]],
    [/region$/, ['us-east-1']],
    [/storageAccount$/, [azurite.account]],
    [/(instanceStorageRef|instanceRef)\.name$/, ['home', 'spare']],
    [/teamStorageRef\.name$/, ['lender', 'lender-2']],
    [/url$/, [OTHER_ORIGIN]],
  ];
}

/** Secrets, each under two names and with two names for each key, CAs, and W&B's ServiceAccount. */
async function putReferences(namespace: string, account: GcsAccount): Promise<void> {
  const { minio, azurite, folder } = sharedServers();
  const twice = (key: string, value: string): Readonly<Record<string, string>> => ({ [key]: value, other: value });
  const pair = (id: string, secret: string): Readonly<Record<string, string>> => ({
    ACCESS_KEY: id,
    SECRET_KEY: secret,
    OTHER_ID: id,
    OTHER_SECRET: secret,
  });
  const { ACCESS_KEY = '', SECRET_KEY = '' } = rootKey(minio);
  await applySecret(namespace, 'minio', pair(ACCESS_KEY, SECRET_KEY));
  await applySecret(namespace, 'minio-2', pair(SECOND.name, SECOND.secret));
  for (const name of ['gcs', 'gcs-2']) await applySecret(namespace, name, twice('key.json', account.keyFile));
  for (const name of ['azure', 'azure-2']) {
    await applySecret(namespace, name, twice('AZURE_STORAGE_KEY', azurite.accountKey));
  }
  const ca = twice('ca.crt', readFileSync(join(folder, 'ca.crt'), 'utf8'));
  await applySecret(namespace, 'ca', ca);
  const metadata = { name: 'ca', namespace };
  await adminRequest('POST', `/api/v1/namespaces/${namespace}/configmaps`, { metadata, data: ca });
  await applyServiceAccount(namespace, SERVICE_ACCOUNT, true);
  await allowActingAs(namespace, SERVICE_ACCOUNT);
}
