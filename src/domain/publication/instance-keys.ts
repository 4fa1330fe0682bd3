import { addressQuery, encode, instanceBucketAddress, storeHost } from './file-store-address.ts';
import type { Row } from './ledger.ts';
import type { AccessKeyCredential, Credential } from '../credentials/credential-types.ts';
import { regionOf, type BucketAddress, type S3KindAddress } from '../bucket/storage.ts';

/** Environment variables from which W&B's pods take the instance bucket (chart operator-wandb, `wandb.bucketEnvs`). */
const BUCKET_VARIABLES = [
  'BUCKET',
  'GORILLA_FILE_STORE',
  'GORILLA_RUN_UPDATE_SHADOW_QUEUE_OVERFLOW_BUCKET_STORE',
  'GORILLA_STORAGE_BUCKET',
];

/** All keys that may describe the instance bucket; the other keys of the output Secret are variables of file stores. */
const INSTANCE_KEYS = [
  'BUCKET',
  'ACCESS_KEY',
  'SECRET_KEY',
  'Provider',
  'AccessKey',
  'SecretKey',
  'Host',
  'Port',
  'TlsEnabled',
  'ForcePathStyle',
  'Bucket',
  'Region',
  'Path',
  'url',
] as const;

/** The compiler refuses a key that is not in the list. */
type InstanceKeys = Readonly<Partial<Record<(typeof INSTANCE_KEYS)[number], string>>>;

/** Whether a key of the output Secret describes the instance bucket. */
export function isInstanceKey(name: string): boolean {
  return (INSTANCE_KEYS as readonly string[]).includes(name);
}

/**
 * The keys of the output Secret that describe the instance bucket, once for
 * each consumer and encoded as that consumer reads them:
 *
 * - `BUCKET`: the whole address, for plain environments.
 * - `ACCESS_KEY`, `SECRET_KEY`: for the operator-wandb chart.
 * - `Provider` to `url`: for the v2 operator's `externalObjectStore`, raw.
 */
export function instanceSecretKeys(slot: Row): InstanceKeys {
  const { address: storage, credential } = slot;
  const url = instanceBucketAddress(storage, credential);
  const region = regionOf(storage);
  return {
    BUCKET: url,
    ...chartKeys(credential),
    ...v2Keys(slot),
    Bucket: storage.name,
    ...(region !== undefined && { Region: region }),
    ...(storage.path !== '' && { Path: storage.path }),
    url,
  };
}

/**
 * The chart inserts S3 keys into a URL without encoding, so they are percent-encoded here; it takes Azure's key
 * unencoded from the same keys. Its URL has no place for a GCS key: `instanceBucketVariables` passes it.
 */
function chartKeys(credential: Credential | undefined): InstanceKeys {
  if (credential?.kind === 'AccessKey') {
    return { ACCESS_KEY: encode(credential.accessKeyId), SECRET_KEY: encode(credential.secretAccessKey.reveal()) };
  }
  return credential?.kind === 'AccountKey' ? { ACCESS_KEY: credential.accountKey.reveal() } : {};
}

function v2Keys({ address: storage, credential }: Row): InstanceKeys {
  switch (storage.provider) {
    case 'GCS':
      return {
        Provider: 'gcs',
        ...(credential?.kind === 'ServiceAccountKey' && {
          AccessKey: credential.clientEmail,
          SecretKey: credential.privateKey.reveal(),
        }),
      };
    case 'AzureBlob':
      return {
        Provider: 'azure',
        AccessKey: storage.storageAccount,
        ...(credential?.kind === 'AccountKey' && { SecretKey: credential.accountKey.reveal() }),
      };
    default:
      return v2S3Keys(storage, credential?.kind === 'AccessKey' ? credential : undefined);
  }
}

function v2S3Keys(storage: S3KindAddress, credential: AccessKeyCredential | undefined): InstanceKeys {
  // AWS by W&B's own identity: AWS is used if no host is set.
  if (storage.provider === 'S3' && credential === undefined) return { Provider: 's3' };
  const [host, port] = splitPort(storeHost(storage));
  const plain = storage.provider !== 'CoreWeave' && storage.endpoint?.scheme === 'http';
  return {
    Provider: 's3',
    Host: host,
    ...(port !== '' && { Port: port }),
    ...(credential !== undefined && {
      AccessKey: credential.accessKeyId,
      SecretKey: credential.secretAccessKey.reveal(),
    }),
    TlsEnabled: String(!plain),
    ForcePathStyle: String(storage.provider === 'S3Compatible' && storage.addressing === 'Path'),
  };
}

/** The environment variables of the instance bucket that are not secret. */
export function instanceEnvironment({ address: storage }: Row): Readonly<Record<string, string>> {
  const region = regionOf(storage);
  const key = kmsKeyOf(storage);
  return { ...(region !== undefined && { AWS_REGION: region }), ...(key !== undefined && { AWS_S3_KMS_ID: key }) };
}

/**
 * `global.bucket` of the operator-wandb chart, which joins the parts to a URL.
 *
 * S3 kinds: `s3://KEY:SECRET@name/path`, so host and port go into `name`, and bucket, sub-path and query into `path`,
 * as W&B documents for S3-compatible stores. AWS by W&B's own identity is `s3://name/path`, as W&B documents it. Azure:
 * `az://name/path` with the account as name. GCS: `gs://name/path`.
 */
export function chartBucket(slot: Row, secretName: string): Readonly<Record<string, unknown>> {
  const { address: storage, credential } = slot;
  const subPath = storage.path === '' ? [] : storage.path.split('/').map(encode);
  const path = [encode(storage.name), ...subPath].join('/');
  const secret = chartSecret(credential, secretName);
  const key = { region: regionOf(storage) ?? null, kmsKey: kmsKeyOf(storage) ?? null };
  switch (storage.provider) {
    case 'GCS':
      return { provider: 'gcs', name: storage.name, path: storage.path };
    case 'AzureBlob':
      return { provider: 'az', name: storage.storageAccount, path, ...secret };
    default:
      if (storage.provider === 'S3' && credential === undefined) {
        return { provider: 's3', name: storage.name, path: subPath.join('/'), ...key };
      }
      return {
        provider: storage.provider === 'CoreWeave' ? 'cw' : 's3',
        name: storeHost(storage),
        path: `${path}?${addressQuery(storage)}`,
        ...key,
        ...secret,
      };
  }
}

/** Only if there are keys: the chart inserts keys into the URL whenever a Secret is named, even if it lacks them. */
function chartSecret(credential: Credential | undefined, secretName: string): Readonly<Record<string, unknown>> {
  if (credential === undefined) return {};
  return { secret: { secretName, accessKeyName: 'ACCESS_KEY', secretKeyName: 'SECRET_KEY' } };
}

/**
 * Variables that each pod must take from the Secret as a whole address, because the chart's URL cannot hold the key.
 */
export function instanceBucketVariables({ credential }: Row): readonly string[] {
  return credential?.kind === 'ServiceAccountKey' ? BUCKET_VARIABLES : [];
}

function kmsKeyOf(storage: BucketAddress): string | undefined {
  if (storage.provider === 'S3') return storage.kmsKeyArn;
  return storage.provider === 'S3Compatible' ? storage.kmsKeyId : undefined;
}

function splitPort(authority: string): readonly [string, string] {
  const match = /^(.*?)(?::(\d+))?$/.exec(authority);
  return [match?.[1] ?? authority, match?.[2] ?? ''];
}
