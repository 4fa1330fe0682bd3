import { addressQuery, encode, instanceBucketAddress, storeHost } from './file-store-address.ts';
import type { LedgerStore } from './ledger.ts';

/**
 * The keys of the output Secret that describe the instance bucket, once for
 * each consumer and encoded as that consumer reads them (design 6):
 *
 * - `BUCKET`: the whole address, for plain environments.
 * - `ACCESS_KEY`, `SECRET_KEY`: for the operator-wandb chart, which pastes them
 *   into a URL as they are; so they are percent-encoded here.
 * - `Provider` to `url`: for the v2 operator's `externalObjectStore`, raw.
 */
export function instanceSecretKeys(store: LedgerStore): Readonly<Record<string, string>> {
  const { storage, credential } = store;
  const url = instanceBucketAddress(storage, credential);
  const [host, port] = splitPort(storeHost(storage));
  return {
    BUCKET: url,
    ...(credential !== undefined && {
      ACCESS_KEY: encode(credential.accessKeyId),
      SECRET_KEY: encode(credential.secretAccessKey.reveal()),
      AccessKey: credential.accessKeyId,
      SecretKey: credential.secretAccessKey.reveal(),
    }),
    Provider: 's3',
    Host: host,
    ...(port !== '' && { Port: port }),
    Bucket: storage.name,
    Region: storage.region,
    ...(storage.path !== '' && { Path: storage.path }),
    TlsEnabled: String(storage.provider === 'S3' || storage.endpoint.scheme === 'https'),
    ForcePathStyle: String(storage.provider === 'S3Compatible' && storage.addressing === 'Path'),
    url,
  };
}

/** The environment of the instance bucket that is no secret. */
export function instanceEnvironment(store: LedgerStore): Readonly<Record<string, string>> {
  const { storage } = store;
  const key = storage.provider === 'S3' ? storage.kmsKeyArn : storage.kmsKeyId;
  return { AWS_REGION: storage.region, ...(key !== undefined && { AWS_S3_KMS_ID: key }) };
}

/**
 * `global.bucket` of the operator-wandb chart. The chart glues
 * `s3://KEY:SECRET@name/path` together, so host and port go into `name`, and
 * bucket, sub-path and query ride in `path`, as W&B documents for S3-compatible stores.
 */
export function chartBucket(store: LedgerStore, secretName: string): Readonly<Record<string, unknown>> {
  const { storage } = store;
  const path = [storage.name, ...(storage.path === '' ? [] : storage.path.split('/'))].map(encode).join('/');
  const key = storage.provider === 'S3' ? storage.kmsKeyArn : storage.kmsKeyId;
  return {
    provider: 's3',
    name: storeHost(storage),
    path: `${path}?${addressQuery(storage)}`,
    region: storage.region,
    kmsKey: key ?? null,
    secret: { secretName, accessKeyName: 'ACCESS_KEY', secretKeyName: 'SECRET_KEY' },
  };
}

function splitPort(authority: string): readonly [string, string] {
  const match = /^(.*?)(?::(\d+))?$/.exec(authority);
  return [match?.[1] ?? authority, match?.[2] ?? ''];
}
