import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { createContainer, listEverything as listAzure, serviceClient } from '../../servers/azurite.ts';
import { corsFor, createGcsAccount, createGcsBucket, gcsAdmin, type GcsAccount } from '../../servers/gcs.ts';
import { GCS_PERMISSIONS } from '../../servers/gcs-state.ts';
import {
  createBucket,
  createUsers,
  listEverything as listMinio,
  rootClient,
  setActions,
  setPublic,
} from '../../servers/minio.ts';
import { minioBucket } from '../../servers/objects.ts';
import { newBucket, newContainer, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';

export const ORIGIN = 'https://wandb.example.com';

/** `proxied` and `fronted`: the same MinIO behind a TCP proxy, and behind an HTTP proxy that can answer for it. */
export const STORES = ['minio', 'proxied', 'fronted', 'gcs', 'azure'] as const;
export type Store = (typeof STORES)[number];

type Data = Readonly<Record<string, string>>;

/** Something that an administrator of the store does to a bucket, and undoes. */
export interface Fault {
  readonly name: string;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** A bucket, and all that may happen to it. */
export interface Place {
  readonly store: Store;
  readonly bucket: string;
  /** Data of its Secret: each one works. */
  readonly keys: readonly Data[];
  readonly wrongKey: Data;
  readonly faults: readonly Fault[];
  /** `spec.bucket` for a sub-path. */
  spec(secret: string, path: string): Readonly<Record<string, unknown>>;
  list(): Promise<readonly string[]>;
}

/** Buckets of all stores, in turn; a bucket of MinIO is reached at the endpoint of its store. */
export async function createPlaces(
  namespace: string,
  counts: Readonly<Record<Store, number>>,
  endpoints: Readonly<Record<'minio' | 'proxied' | 'fronted', string>>,
): Promise<readonly Place[]> {
  const { gcs } = sharedServers();
  const accounts = await Promise.all([createGcsAccount(gcs), createGcsAccount(gcs)]);
  const places: Place[] = [];
  for (let index = 0; index < Math.max(...Object.values(counts)); index += 1) {
    for (const store of STORES.filter((one) => index < counts[one])) {
      if (store === 'gcs') places.push(await gcsPlace(accounts));
      else if (store === 'azure') places.push(await azurePlace());
      else places.push(await minioPlace(`${namespace}-${store}-${index}`, store, endpoints[store]));
    }
  }
  return places;
}

async function minioPlace(user: string, store: Store, endpoint: string): Promise<Place> {
  const { minio } = sharedServers();
  const bucket = await newBucket('churn');
  const users = [0, 1].map((number) => ({
    ...{ name: `${user}-${number}`, secret: `secret-of-${number}` },
    ...{ buckets: [bucket], actions: ['s3:*'] },
  }));
  const [first] = users;
  await createUsers(minio, users);
  const allow = async (actions: readonly string[]): Promise<void> => {
    for (const { name, buckets } of users) await setActions(minio, { name, buckets, actions });
  };
  return {
    store,
    bucket,
    keys: users.map(({ name, secret }) => ({ ACCESS_KEY: name, SECRET_KEY: secret })),
    wrongKey: { ACCESS_KEY: first?.name ?? '', SECRET_KEY: 'not-the-secret' },
    faults: [
      { name: 'denied', begin: () => allow(['s3:ListBucket']), end: () => allow(['s3:*']) },
      { name: 'public', begin: () => setPublic(minio, bucket, true), end: () => setPublic(minio, bucket, false) },
      { name: 'missing', begin: () => deleteBucket(bucket), end: () => createBucket(minio, bucket) },
    ],
    spec: (secret, path) => minioBucket({ endpoint }, bucket, secret, { path }),
    list: () => listMinio(minio, bucket),
  };
}

/** A probe that is under way may have an object in it for a moment; a forgotten one keeps it for good. */
async function deleteBucket(Bucket: string): Promise<void> {
  const client = rootClient(sharedServers().minio);
  const isDeleted = (): Promise<boolean> =>
    client.send(new DeleteBucketCommand({ Bucket })).then(
      () => true,
      () => false,
    );
  await until(`bucket ${Bucket} is empty, so that it can be deleted`, isDeleted);
  client.destroy();
}

async function gcsPlace(accounts: readonly GcsAccount[]): Promise<Place> {
  const { gcs } = sharedServers();
  const [account, other] = accounts;
  if (account === undefined || other === undefined) throw new Error('two accounts are needed');
  const bucket = await createGcsBucket(gcs, { account, prefix: 'churn', cors: [corsFor(ORIGIN)] });
  const allow = async (isAllowed: boolean): Promise<void> => {
    const permissions = isAllowed ? GCS_PERMISSIONS : [];
    for (const { email } of accounts) await gcsAdmin(gcs, 'setPermissions', { bucket, email, permissions });
  };
  const open = async (isPublic: boolean): Promise<void> => {
    await gcsAdmin(gcs, 'setPublic', { bucket, isPublic });
  };
  await allow(true);
  const foreign = { ...(JSON.parse(account.keyFile) as object), private_key: other.privateKey };
  return {
    store: 'gcs',
    bucket,
    keys: accounts.map(({ keyFile }) => ({ 'key.json': keyFile })),
    wrongKey: { 'key.json': JSON.stringify(foreign) },
    faults: [
      { name: 'denied', begin: () => allow(false), end: () => allow(true) },
      { name: 'public', begin: () => open(true), end: () => open(false) },
    ],
    spec: (name, path) => ({
      ...{ provider: 'GCS', name: bucket, path },
      gcs: { credentials: { serviceAccountKey: { secretRef: { name } } } },
    }),
    list: () => gcsAdmin(gcs, 'listEverything', { bucket }),
  };
}

async function azurePlace(): Promise<Place> {
  const { azurite } = sharedServers();
  const bucket = await newContainer('churn');
  const { account: storageAccount, accountKey } = azurite;
  const container = serviceClient(azurite).getContainerClient(bucket);
  return {
    store: 'azure',
    bucket,
    keys: [{ AZURE_STORAGE_KEY: accountKey }],
    wrongKey: { AZURE_STORAGE_KEY: Buffer.alloc(64, 1).toString('base64') },
    faults: [
      {
        name: 'missing',
        begin: async () => {
          await container.delete();
        },
        end: () => createContainer(azurite, bucket),
      },
    ],
    spec: (name, path) => ({
      ...{ provider: 'AzureBlob', name: bucket, path },
      azureBlob: { storageAccount, credentials: { accountKey: { secretRef: { name } } } },
    }),
    list: () => listAzure(azurite, bucket),
  };
}
