import { ALLOW_LABEL, GROUP, VERSION } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import { Secret } from '../../base/secret.ts';
import { PROVIDERS } from '../bucket/providers.ts';
import { BlankValue } from './blank-value.ts';
import type { FoundBucket, FoundCredential, FoundSettings } from './found-bucket.ts';

/** What the settings do not say, and the user may. */
export interface ImportOptions {
  readonly namespace: string;
  readonly instanceName: string;
  readonly deploymentType?: string;
  readonly cloud?: string;
  readonly url?: string;
}

/** An object of Kubernetes; values may be `Secret` or `BlankValue`. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: unknown };
  readonly [field: string]: unknown;
}

/** Storages and Secrets that address the same buckets with the same credentials. */
export function toManifests(settings: FoundSettings, options: ImportOptions): readonly Manifest[] {
  const { namespace, instanceName } = options;
  const names = new Set<string>();
  const instance = settings.instance === undefined ? [] : [settings.instance];
  return [
    ...instance.flatMap((found) =>
      withSecret(found, {
        kind: 'InstanceStorage',
        metadata: { name: uniqueName(instanceName, names), namespace },
        fields: { deployment: deploymentOf(settings, options) },
      }),
    ),
    ...settings.stores.flatMap((found) =>
      withSecret(found, {
        kind: 'TeamStorage',
        metadata: { name: uniqueName(nameFor(found), names), namespace },
        fields: { team: new BlankValue('name of the team in W&B whose files are in this bucket') },
      }),
    ),
  ];
}

interface StorageHead {
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly metadata: { readonly name: string; readonly namespace: string };
  /** The spec besides the bucket. */
  readonly fields: Readonly<Record<string, unknown>>;
}

function deploymentOf(settings: FoundSettings, options: ImportOptions) {
  const url = options.url ?? settings.url;
  return {
    type: options.deploymentType ?? new BlankValue('SelfManaged, DedicatedCloud or SaaSCloud'),
    cloud:
      options.cloud ??
      settings.cloud ??
      new BlankValue('where the server runs: AWS, GCP, Azure, CoreWeave or OnPremises'),
    url: url ?? new BlankValue('URL of the front end, such as https://wandb.example.com'),
    // The default matrix is older than buckets on CoreWeave.
    ...([settings.instance, ...settings.stores].some((one) => one?.provider === 'CoreWeave') && {
      availability: 'byob-2026',
    }),
  };
}

/** A storage, after the Secret that it names if the settings hold the key. */
function withSecret(found: FoundBucket, { kind, metadata, fields }: StorageHead): readonly Manifest[] {
  const secretName = `${metadata.name}-bucket`;
  const spec = { ...fields, bucket: bucketOf(found, secretName) };
  const storage: Manifest = { apiVersion: `${GROUP}/${VERSION}`, kind, metadata, spec };
  const { credential } = found;
  if (credential === undefined || credential.existing !== undefined) return [storage];
  const secret: Manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, namespace: metadata.namespace, labels: { [ALLOW_LABEL]: 'true' } },
    stringData: secretData(credential),
  };
  return [secret, storage];
}

function bucketOf(found: FoundBucket, secretName: string) {
  const { provider, name, path } = found;
  const { member } = PROVIDERS[provider];
  const settings = { ...settingsOf(found), ...credentialsOf(found.credential, secretName) };
  return {
    provider,
    name: name ?? new BlankValue('name of the bucket'),
    ...(path !== '' && { path }),
    ...(Object.keys(settings).length > 0 && { [member]: settings }),
  };
}

function settingsOf(found: FoundBucket): Readonly<Record<string, unknown>> {
  const region = found.region ?? new BlankValue('region that the bucket is in');
  switch (found.provider) {
    case 'S3':
      return defined({ region, kmsKeyArn: found.kmsKey });
    case 'S3Compatible':
      return defined({
        endpoint: found.endpoint ?? new BlankValue('URL of the store, such as https://minio.example.com:9000'),
        region,
        addressing: found.isVirtualHosted === true ? 'VirtualHosted' : undefined,
        kmsKeyId: found.kmsKey,
      });
    case 'CoreWeave':
      return defined({ region: found.region });
    case 'AzureBlob':
      return { storageAccount: found.storageAccount ?? new BlankValue('name of the storage account') };
    case 'GCS':
      return {};
  }
}

const MEMBERS = { AccessKey: 'accessKey', ServiceAccountKey: 'serviceAccountKey', AccountKey: 'accountKey' } as const;

function credentialsOf(credential: FoundCredential | undefined, secretName: string) {
  if (credential === undefined) return {};
  const { kind, existing } = credential;
  const secretRef =
    existing === undefined
      ? { name: secretName }
      : kind === 'AccessKey'
        ? { name: existing.name, accessKeyIdKey: existing.userKey, secretAccessKeyKey: existing.secretKey }
        : { name: existing.name, key: existing.secretKey };
  return { credentials: { [MEMBERS[kind]]: { secretRef } } };
}

/** The Secret's data under the default keys. */
function secretData({ kind, user, secret }: FoundCredential): Readonly<Record<string, unknown>> {
  switch (kind) {
    case 'AccessKey':
      return {
        ACCESS_KEY: user === undefined ? blankSecret('id of the access key') : new Secret(user),
        SECRET_KEY: secret ?? blankSecret('secret access key'),
      };
    case 'AccountKey':
      return { AZURE_STORAGE_KEY: secret ?? blankSecret('key1 or key2 of the storage account') };
    case 'ServiceAccountKey': {
      if (user === undefined || secret === undefined)
        return { 'key.json': blankSecret('key file of the service account') };
      const file = { type: 'service_account', client_email: user, private_key: secret.reveal() };
      return { 'key.json': new Secret(JSON.stringify(file)) };
    }
  }
}

function blankSecret(meaning: string): BlankValue {
  return new BlankValue(meaning, 'SecretText');
}

/** A name of Kubernetes for a storage: that of its bucket, as far as it can be. */
function nameFor({ name, path, provider }: FoundBucket): string {
  const text = [name ?? provider, ...path.split('/')].filter((part) => part !== '').join('-');
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return label.replace(/-+$/, '') || 'team';
}

function uniqueName(wanted: string, names: Set<string>): string {
  let name = wanted;
  for (let next = 2; names.has(name); next += 1) name = `${wanted}-${next}`;
  names.add(name);
  return name;
}
