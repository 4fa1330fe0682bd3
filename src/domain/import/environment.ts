import { defined } from '../../base/defined.ts';
import { Secret } from '../../base/secret.ts';
import { asJsonObject, own, text, type JsonObject } from '../spec/json.ts';
import type { Finding } from './finding.ts';
import type { FoundBucket, FoundSettings } from './found-bucket.ts';
import { readAddress } from './read-address.ts';
import { readFileStores } from './read-file-stores.ts';

/** Environment variables of a W&B server, by name. `undefined`: the value is in an object that was not given. */
export type Environment = ReadonlyMap<string, string | undefined>;

/** Data of the Secrets and ConfigMaps among the input, by kind and name. */
export type GivenData = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** All hold the address of the instance bucket; the chart sets them to one value. */
const BUCKET_VARIABLES = ['BUCKET', 'GORILLA_FILE_STORE', 'GORILLA_STORAGE_BUCKET'];
const FILE_STORES_VARIABLES = ['GORILLA_SUPPORTED_FILE_STORES', 'SUPPORTED_FILE_STORES'];
/** All variables that say something of buckets. */
export const KNOWN_VARIABLES: readonly string[] = [
  ...BUCKET_VARIABLES,
  ...FILE_STORES_VARIABLES,
  'AWS_REGION',
  'AWS_S3_KMS_ID',
  'AZURE_STORAGE_KEY',
  'HOST',
];

/** Reads what the environment says of buckets. */
export function readEnvironment(environment: Environment): FoundSettings {
  const findings: Finding[] = [];
  const bucket = oneOf(environment, BUCKET_VARIABLES, findings);
  const fileStores = oneOf(environment, FILE_STORES_VARIABLES, findings);
  const region = environment.get('AWS_REGION');
  const instance = bucket === undefined ? undefined : instanceIn(bucket, environment);
  const stores =
    fileStores === undefined ? undefined : readFileStores(fileStores.value, defined({ at: fileStores.name, region }));
  const url = environment.get('HOST');
  return defined({
    instance: instance?.value,
    stores: stores?.value ?? [],
    url: url !== undefined && /^https?:\/\//.test(url) ? url : undefined,
    findings: [...findings, ...(instance?.findings ?? []), ...(stores?.findings ?? [])],
  });
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function oneOf(environment: Environment, names: readonly string[], findings: Finding[]): Variable | undefined {
  for (const name of names) {
    if (environment.has(name) && environment.get(name) === undefined)
      findings.push({ code: 'SecretNotGiven', at: name });
  }
  const given = names.flatMap((name) => {
    const value = environment.get(name)?.trim() ?? '';
    return value === '' ? [] : [{ name, value }];
  });
  const [first, ...others] = given;
  for (const { name, value } of others) {
    if (value !== first?.value) findings.push({ code: 'VariablesDiffer', at: name });
  }
  return first;
}

function instanceIn({ name, value }: Variable, environment: Environment) {
  const read = readAddress(
    value,
    defined({ at: name, kind: 'InstanceBucket' as const, region: environment.get('AWS_REGION') }),
  );
  return { ...read, value: read.value === undefined ? undefined : withSettings(read.value, environment) };
}

/** Keys that the server takes from variables of their own. */
function withSettings(bucket: FoundBucket, environment: Environment): FoundBucket {
  const kmsKey = environment.get('AWS_S3_KMS_ID');
  const accountKey = environment.get('AZURE_STORAGE_KEY');
  const isS3 = bucket.provider === 'S3' || bucket.provider === 'S3Compatible';
  return {
    ...bucket,
    ...(isS3 && kmsKey !== undefined && kmsKey !== '' && { kmsKey }),
    ...(bucket.provider === 'AzureBlob' &&
      bucket.credential === undefined &&
      accountKey !== undefined &&
      accountKey !== '' && { credential: { kind: 'AccountKey', secret: new Secret(accountKey) } }),
  };
}

/** The `env` of a container or of chart values: a list of variables, or a map; with `valueFrom`, or as lines. */
export function environmentIn(value: unknown, given: GivenData): Environment {
  const pairs = Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === 'string' ? lineOf(item) : variableOf(asJsonObject(item), given)))
    : Object.entries(asJsonObject(value) ?? {}).map(([name, child]) => [name, valueOf(child, given)] as const);
  return expanded(new Map(pairs.filter((pair) => pair !== undefined)));
}

function lineOf(line: string): readonly [string, string] | undefined {
  const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/s.exec(line) ?? [];
  return name === undefined || value === undefined ? undefined : [name, value.replace(/^(["'])(.*)\1\s*$/s, '$2')];
}

function variableOf(item: JsonObject | undefined, given: GivenData): readonly [string, string | undefined] | undefined {
  const name = text(item, 'name');
  return name === undefined ? undefined : [name, valueOf(item, given)];
}

function valueOf(child: unknown, given: GivenData): string | undefined {
  if (typeof child === 'string') return child;
  if (typeof child === 'number' || typeof child === 'boolean') return String(child);
  const body = asJsonObject(child);
  const plain = own(body, 'value');
  if (plain !== undefined) return valueOf(plain, given);
  const from = asJsonObject(own(body, 'valueFrom'));
  const secret = asJsonObject(own(from, 'secretKeyRef'));
  const reference = secret ?? asJsonObject(own(from, 'configMapKeyRef'));
  const name = text(reference, 'name') ?? '';
  return given.get(`${secret === undefined ? 'ConfigMap' : 'Secret'}/${name}`)?.[text(reference, 'key') ?? ''];
}

/** As the kubelet does: `$(NAME)` of the same environment is its value. */
function expanded(environment: Environment): Environment {
  return new Map(
    [...environment].map(([name, value]) => [
      name,
      value?.replace(/\$\((\w+)\)/g, (all, other: string) => environment.get(other) ?? all),
    ]),
  );
}

/** Lines of an env file or of a `docker run` command. */
export function environmentOfText(source: string): Environment {
  const flags = source.matchAll(/(?:^|\s)(?:-e|--env)[ =](?:(["'])([A-Za-z_]\w*)=(.*?)\1|([A-Za-z_]\w*)=(\S*))/g);
  const lines = source.split('\n').map(lineOf);
  return expanded(
    new Map([
      ...lines.filter((line) => line !== undefined),
      ...[...flags].map(
        ([, , quoted, text = '', name, value = '']) =>
          [quoted ?? name ?? '', quoted === undefined ? value : text] as const,
      ),
    ]),
  );
}
