import { defined } from '../../base/defined.ts';
import { Secret } from '../../base/secret.ts';
import { asJsonObject, own, text, type JsonObject } from '../spec/json.ts';
import { environmentIn, readEnvironment, type Environment, type GivenData } from './environment.ts';
import type { Finding } from './finding.ts';
import type { FoundBucket, FoundCredential, FoundSettings } from './found-bucket.ts';
import type { Read } from './address-context.ts';
import { readAddress } from './read-address.ts';

/** Schemes of the providers that the chart knows, and of names that users write for them. */
const SCHEMES: Readonly<Record<string, string>> = {
  s3: 's3',
  aws: 's3',
  minio: 's3',
  gcs: 'gs',
  gs: 'gs',
  az: 'az',
  azure: 'az',
  cw: 'cw',
  coreweave: 'cw',
};

/** Values of the chart operator-wandb, or of the older chart wandb, whose `bucket` is an address. */
export function readChartValues(values: JsonObject, given: GivenData, at = ''): FoundSettings {
  const global = asJsonObject(own(values, 'global'));
  const environment = environmentOf(values, given);
  const ofEnvironment = readEnvironment(environment);
  const legacy = text(values, 'bucket');
  const ofChart = legacy === undefined ? bucketIn(global, given, at) : ofLegacyChart(values, legacy, `${at}bucket`);
  const isOverridden = ofEnvironment.instance !== undefined && ofChart.value !== undefined;
  const url = text(global, 'host') ?? text(values, 'host');
  return defined({
    instance: ofEnvironment.instance ?? ofChart.value,
    stores: ofEnvironment.stores,
    url: url !== undefined && /^https?:\/\//.test(url) ? url : ofEnvironment.url,
    cloud: cloudIn(text(global, 'cloudProvider')),
    findings: [
      ...ofChart.findings,
      ...ofEnvironment.findings,
      ...(isOverridden ? [{ code: 'Overridden', at: `${at}global.bucket` } as const] : []),
      ...caIn(global, ofEnvironment.instance ?? ofChart.value, at),
    ],
  });
}

function cloudIn(provider: string | undefined): FoundSettings['cloud'] {
  switch (provider) {
    case 'aws':
      return 'AWS';
    case 'gcp':
    case 'google':
      return 'GCP';
    case 'azure':
      return 'Azure';
    case 'coreweave':
      return 'CoreWeave';
    default:
      return undefined;
  }
}

/** The environment of the application: what comes later takes precedence, as in the chart. */
function environmentOf(values: JsonObject, given: GivenData): Environment {
  const global = asJsonObject(own(values, 'global'));
  const sections = [
    own(global, 'extraEnv'),
    own(global, 'env'),
    ...['api', 'app'].flatMap((name) => {
      const app = asJsonObject(own(values, name));
      return [own(app, 'extraEnv'), own(app, 'env')];
    }),
    own(values, 'extraEnv'),
    own(values, 'env'),
  ];
  return new Map(sections.flatMap((section) => [...environmentIn(section, given)]));
}

function ofLegacyChart(values: JsonObject, address: string, at: string): Read<FoundBucket | undefined> {
  const region = text(values, 'bucketRegion');
  const kmsKey = text(values, 'bucketKmsKeyArn');
  const read = readAddress(address, defined({ at, kind: 'InstanceBucket' as const, region }));
  return {
    ...read,
    value: read.value === undefined ? undefined : defined({ ...read.value, kmsKey: nonEmpty(kmsKey) }),
  };
}

/** `global.bucket` if it names a bucket, otherwise `global.defaultBucket`; references to Secrets are in the first alone. */
function bucketIn(global: JsonObject | undefined, given: GivenData, at: string): Read<FoundBucket | undefined> {
  const own1 = asJsonObject(own(global, 'bucket'));
  const fallback = asJsonObject(own(global, 'defaultBucket'));
  const isOwn = nonEmpty(text(own1, 'name')) !== undefined;
  const bag = isOwn ? own1 : fallback;
  const name = nonEmpty(text(bag, 'name'));
  if (bag === undefined || name === undefined) return { value: undefined, findings: [] };
  return readChartBucket(bag, {
    at: `${at}global.${isOwn ? 'bucket' : 'defaultBucket'}`,
    name,
    given,
    secret: asJsonObject(own(own1, 'secret')),
  });
}

interface ChartBucket {
  readonly at: string;
  readonly name: string;
  readonly given: GivenData;
  readonly secret: JsonObject | undefined;
}

function readChartBucket(bag: JsonObject, chart: ChartBucket): Read<FoundBucket | undefined> {
  const { at, name } = chart;
  const provider = text(bag, 'provider') ?? 's3';
  const scheme = SCHEMES[provider.toLowerCase()];
  if (scheme === undefined) return { value: undefined, findings: [{ code: 'ProviderUnknown', at: `${at}.provider` }] };
  const bare = name.replace(/^[a-z0-9]+:\/\//i, '');
  const before: Finding[] = bare === name ? [] : [{ code: 'NameHasScheme', at: `${at}.name` }];
  const key = keyIn(bag, scheme, chart);
  const place = placeOf(bare, text(bag, 'path') ?? '');
  const context = defined({
    at,
    kind: 'InstanceBucket' as const,
    region: nonEmpty(text(bag, 'region')),
    credential: key.credential,
  });
  const read = readAddress(`${scheme}://${key.userInfo}${place}`, context);
  return {
    value: read.value === undefined ? undefined : defined({ ...read.value, kmsKey: kmsKeyIn(bag, read.value) }),
    findings: [...before, ...key.findings, ...read.findings],
  };
}

/** The parameters of an address may stand behind the name as well as behind the path. */
function placeOf(name: string, path: string): string {
  const [host = '', ...ofName] = name.split('?');
  const [below = '', ...ofPath] = path.replace(/^\/+/, '').split('?');
  const place = below === '' ? host : `${host.replace(/\/+$/, '')}/${below}`;
  return [
    place,
    ...(ofName.length > 0 && ofPath.length > 0 ? [[...ofName, ...ofPath].join('&')] : [...ofName, ...ofPath]),
  ].join('?');
}

function kmsKeyIn(bag: JsonObject, { provider }: FoundBucket): string | undefined {
  return provider === 'S3' || provider === 'S3Compatible' ? nonEmpty(text(bag, 'kmsKey')) : undefined;
}

interface ChartKey {
  /** Begin of the address; the chart inserts keys as they are. */
  readonly userInfo: string;
  /** A key that is not part of the address. */
  readonly credential?: FoundCredential;
  readonly findings: readonly Finding[];
}

/** Azure's key stands in the field for the access key, and not in the address. */
function keyIn(bag: JsonObject, scheme: string, { at, given, secret }: ChartBucket): ChartKey {
  const secretName = nonEmpty(text(secret, 'secretName'));
  if (secretName !== undefined) return keyOfSecret(secretName, { scheme, at, given, secret });
  const [accessKey, secretKey] = [nonEmpty(text(bag, 'accessKey')), nonEmpty(text(bag, 'secretKey'))];
  if (scheme === 'gs' || accessKey === undefined) {
    return { userInfo: '', findings: secretKey === undefined ? [] : [{ code: 'KeyIncomplete', at }] };
  }
  if (scheme === 'az') {
    return { userInfo: '', credential: { kind: 'AccountKey', secret: new Secret(accessKey) }, findings: [] };
  }
  return { userInfo: `${accessKey}:${secretKey ?? ''}@`, findings: [] };
}

function keyOfSecret(
  name: string,
  { scheme, at, given, secret }: Omit<ChartBucket, 'name'> & { readonly scheme: string },
): ChartKey {
  const userKey = nonEmpty(text(secret, 'accessKeyName')) ?? 'ACCESS_KEY';
  const secretKey = nonEmpty(text(secret, 'secretKeyName')) ?? 'SECRET_KEY';
  if (scheme === 'gs') return { userInfo: '', findings: [] };
  const data = given.get(`Secret/${name}`);
  const [user, value] = [data?.[userKey], data?.[secretKey]];
  if (scheme === 'az') {
    const credential: FoundCredential =
      user === undefined
        ? { kind: 'AccountKey', existing: { name, secretKey: userKey } }
        : { kind: 'AccountKey', secret: new Secret(user) };
    return {
      userInfo: '',
      credential,
      findings: user === undefined ? [{ code: 'SecretReused', at, detail: name }] : [],
    };
  }
  if (user !== undefined && value !== undefined) return { userInfo: `${user}:${value}@`, findings: [] };
  return {
    userInfo: '',
    credential: { kind: 'AccessKey', existing: { name, userKey, secretKey } },
    findings: [{ code: 'SecretReused', at, detail: name }],
  };
}

function caIn(global: JsonObject | undefined, bucket: FoundBucket | undefined, at: string): readonly Finding[] {
  const hasCa = own(global, 'caCertsConfigMap') !== undefined || own(global, 'customCACerts') !== undefined;
  const isHttps = bucket?.endpoint?.startsWith('https:') === true;
  return hasCa && isHttps ? [{ code: 'CaNotKnown', at: `${at}global.caCertsConfigMap` }] : [];
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
