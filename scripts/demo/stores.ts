import { randomBytes } from 'node:crypto';
import {
  corsRule,
  createContainer,
  setCors,
  startAzurite,
  type Azurite,
  type AzuriteAddress,
} from '../../test/servers/azurite.ts';
import { startGcsProcess, type GcsProcess } from '../../test/servers/gcs-process.ts';
import { corsFor, createGcsAccount, createGcsBucket, gcsAdmin, type GcsAccount } from '../../test/servers/gcs.ts';
import { createBucket, createUser, startMinio, type Minio } from '../../test/servers/minio.ts';

/** The address of the W&B front end in the samples. */
const ORIGIN = 'https://wandb.example.com';

/** W&B's documented least-privilege grant on S3, without the actions that MinIO does not know. */
const WANDB_ACTIONS = [
  's3:GetObject',
  's3:GetEncryptionConfiguration',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:PutObject',
  's3:GetBucketLocation',
  's3:GetBucketVersioning',
];

/** Keys with every character that a URL must encode. */
const MINIO_SECRETS = { 'wandb-app': 'wandb/secret+key=1@%?', 'omega-app': 'omega/secret&key:2,#' } as const;

/** The three kinds of store of the demo, with the buckets at its start. */
export interface DemoStores {
  readonly minio: Minio;
  readonly gcs: GcsProcess;
  readonly azurite: Azurite;
  readonly gcsAccount: GcsAccount;
}

type Track = <T extends { stop(): Promise<void> }>(starting: Promise<T>) => Promise<T>;

/** Starts the stores; `track` adds each to the clean-up. */
export async function startStores(keep: boolean, track: Track): Promise<DemoStores> {
  const [minio, gcs, azurite] = await Promise.all([
    track(startMinio({ keep })),
    track(startGcsProcess({ keep })),
    track(startAzurite({ keep })),
  ]);
  const gcsAccount = await createGcsAccount(gcs);
  await Promise.all([prepareMinio(minio), prepareGcs(gcs, gcsAccount), prepareAzurite(azurite)]);
  return { minio, gcs, azurite, gcsAccount };
}

async function prepareMinio(minio: Minio): Promise<void> {
  await Promise.all(['wandb-data', 'omega-data'].map((bucket) => createBucket(minio, bucket)));
  await allow(minio, 'wandb-app', ['wandb-data']);
  // Sigma uses Omega's key. Its bucket does not exist yet, but is granted already.
  await allow(minio, 'omega-app', ['omega-data', 'sigma-data']);
}

async function allow(minio: Minio, name: keyof typeof MINIO_SECRETS, buckets: readonly string[]): Promise<void> {
  await createUser(minio, { name, secret: MINIO_SECRETS[name], buckets, actions: WANDB_ACTIONS });
}

async function prepareGcs(gcs: GcsProcess, account: GcsAccount): Promise<void> {
  await createGcsBucket(gcs, { account, name: 'theta-data', cors: [corsFor(ORIGIN)] });
  await createGcsBucket(gcs, { account, name: 'iota-data' });
}

async function prepareAzurite(azurite: AzuriteAddress): Promise<void> {
  await setCors(azurite, [corsRule(ORIGIN)]);
  await Promise.all(['delta-data', 'rho-data'].map((name) => createContainer(azurite, name)));
}

/** Creates Sigma's bucket, which was missing. */
export function createSigmaBucket({ minio }: DemoStores): Promise<void> {
  return createBucket(minio, 'sigma-data');
}

/** Adds the CORS rule that Iota's bucket had not. */
export async function addIotaCors({ gcs }: DemoStores): Promise<void> {
  await gcsAdmin(gcs, 'setCors', { bucket: 'iota-data', cors: [corsFor(ORIGIN)] });
}

/** The flags with the addresses of the emulated clouds. */
export function cloudFlags({ gcs, azurite }: DemoStores): readonly string[] {
  return [`--gcs-endpoint=${gcs.endpoint}`, `--azure-endpoint=${azurite.endpoint}`];
}

/** The samples, with the addresses and keys of these stores in place of the examples. */
export function fillSamples(samples: string, { minio, azurite, gcsAccount }: DemoStores): string {
  const minioKeys = Object.entries(MINIO_SECRETS);
  // Delta's key is valid, Rho's is one that was regenerated since.
  const azureKeys = [azurite.accountKey, randomBytes(64).toString('base64')];
  return samples
    .replaceAll('https://minio.example.com:9000', minio.endpoint)
    .replaceAll('acmewandb', azurite.account)
    .replace(/ACCESS_KEY: replace-me\n {2}SECRET_KEY: replace-me/g, () => {
      const [id = '', secret = ''] = minioKeys.shift() ?? [];
      return `ACCESS_KEY: ${JSON.stringify(id)}\n  SECRET_KEY: ${JSON.stringify(secret)}`;
    })
    .replace('key.json: replace-me', () => `key.json: ${JSON.stringify(gcsAccount.keyFile)}`)
    .replace(/AZURE_STORAGE_KEY: replace-me/g, () => `AZURE_STORAGE_KEY: ${azureKeys.shift() ?? ''}`);
}
