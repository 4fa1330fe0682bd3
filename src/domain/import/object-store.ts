import { defined } from '../../base/defined.ts';
import { Secret } from '../../base/secret.ts';
import { asJsonObject, own, text, type JsonObject } from '../spec/json.ts';
import { awsPlaceOf } from '../bucket/aws-partitions.ts';
import type { GivenData } from './environment.ts';
import type { Finding } from './finding.ts';
import type { ExistingSecret, FoundBucket, FoundCredential } from './found-bucket.ts';
import type { Read } from './address-context.ts';
import { readAddress } from './read-address.ts';

type Field = 'provider' | 'endpoint' | 'port' | 'accessKey' | 'secretKey' | 'bucket' | 'path' | 'region';

/** A field: its value, and the key of the Secret that it is from. */
interface FieldValue {
  readonly value?: string;
  readonly from?: { readonly name: string; readonly key: string };
}

/** `spec.objectStore.<name>.externalObjectStore` of a WeightsAndBiases of version 2, whose fields are keys of Secrets. */
export function readObjectStore(store: JsonObject, given: GivenData, at: string): Read<FoundBucket | undefined> {
  const field = (name: Field | 'url' | 'tlsEnabled' | 'forcePathStyle'): FieldValue => fieldIn(own(store, name), given);
  const url = field('url').value;
  if (url !== undefined && field('bucket').value === undefined) {
    return readAddress(
      url,
      defined({ at: `${at}.url`, kind: 'InstanceBucket' as const, region: field('region').value }),
    );
  }
  const names = ['provider', 'endpoint', 'port', 'accessKey', 'secretKey', 'bucket', 'path', 'region'] as const;
  const fields = Object.fromEntries(names.map((name) => [name, field(name)])) as Readonly<Record<Field, FieldValue>>;
  const missing = names.filter((name) => fields[name].from !== undefined && fields[name].value === undefined);
  const findings: Finding[] = missing
    .filter((name) => name !== 'accessKey' && name !== 'secretKey')
    .map((name) => ({ code: 'SecretNotGiven', at: `${at}.${name}` }));
  const tls = field('tlsEnabled').value;
  const style = field('forcePathStyle').value;
  const bucket = bucketOf(fields, { tls, style });
  if (bucket.name === undefined && fields.bucket.from === undefined) findings.push({ code: 'BucketMissing', at });
  const isS3 = bucket.provider === 'S3' || bucket.provider === 'S3Compatible';
  if (isS3 && bucket.region === undefined) findings.push({ code: 'RegionMissing', at });
  const existing = bucket.credential?.existing;
  if (existing !== undefined) findings.push({ code: 'SecretReused', at, detail: existing.name });
  return { value: bucket, findings };
}

function fieldIn(value: unknown, given: GivenData): FieldValue {
  const bag = asJsonObject(value);
  const plain = text(bag, 'value');
  if (plain !== undefined) return { value: plain };
  const reference = asJsonObject(own(asJsonObject(own(bag, 'valueFrom')), 'secretKeyRef')) ?? bag;
  const [name, key] = [text(reference, 'name'), text(reference, 'key')];
  if (name === undefined || key === undefined) return {};
  return defined({ from: { name, key }, value: given.get(`Secret/${name}`)?.[key] });
}

type Fields = Readonly<Record<Field, FieldValue>>;
type Style = { readonly tls: string | undefined; readonly style: string | undefined };

function bucketOf(fields: Fields, style: Style): FoundBucket {
  const common = defined({ name: fields.bucket.value, path: fields.path.value?.replace(/^\/+|\/+$/g, '') ?? '' });
  switch (fields.provider.value?.toLowerCase()) {
    case 'gcs':
      return { provider: 'GCS', ...common, ...defined({ credential: credentialOf('ServiceAccountKey', fields) }) };
    case 'azure':
    case 'az':
      return {
        provider: 'AzureBlob',
        ...common,
        ...defined({
          storageAccount: fields.accessKey.value,
          credential: fields.secretKey.from === undefined ? undefined : credentialOf('AccountKey', fields),
        }),
      };
    default:
      return s3BucketOf(fields, style, common);
  }
}

function s3BucketOf(fields: Fields, { tls, style }: Style, common: { name?: string; path: string }): FoundBucket {
  const host = fields.endpoint.value?.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const region = fields.region.value;
  const shared = { ...common, ...defined({ region, credential: credentialOf('AccessKey', fields) }) };
  if (host === undefined || host === '' || awsPlaceOf(host) !== undefined) return { provider: 'S3', ...shared };
  if (/(^|\.)(cwobject|cwlota)\.com$/.test(host)) return { provider: 'CoreWeave', ...shared };
  const scheme = tls === 'true' || fields.endpoint.value?.startsWith('https://') === true ? 'https' : 'http';
  const port = fields.port.value === undefined || host.includes(':') ? '' : `:${fields.port.value}`;
  return {
    provider: 'S3Compatible',
    ...shared,
    endpoint: `${scheme}://${host}${port}`,
    ...(style === 'false' && { isVirtualHosted: true }),
  };
}

/** Its values, where they are given; otherwise the Secret that both are in. */
function credentialOf(kind: FoundCredential['kind'], { accessKey, secretKey }: Fields): FoundCredential | undefined {
  if (accessKey.from === undefined && secretKey.from === undefined && secretKey.value === undefined) return undefined;
  const user = kind === 'AccountKey' ? undefined : accessKey.value;
  const secret = secretKey.value === undefined ? undefined : new Secret(secretKey.value);
  if (secret !== undefined || kind === 'ServiceAccountKey') return defined({ kind, user, secret });
  return defined({ kind, user, existing: existingSecret(kind, accessKey, secretKey) });
}

function existingSecret(
  kind: FoundCredential['kind'],
  { from: user }: FieldValue,
  { from: secret }: FieldValue,
): ExistingSecret | undefined {
  if (secret === undefined) return undefined;
  if (kind === 'AccountKey') return { name: secret.name, secretKey: secret.key };
  return user?.name === secret.name ? { name: secret.name, userKey: user.key, secretKey: secret.key } : undefined;
}
