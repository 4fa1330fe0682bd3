import { err, ok, type Result } from '../../base/result.ts';
import { WANDB_GROUP } from '../../api/resources.ts';
import { asJsonObject, own, text, type JsonObject } from '../spec/json.ts';
import { readChartValues } from './chart-values.ts';
import { environmentIn, environmentOfText, KNOWN_VARIABLES, readEnvironment, type GivenData } from './environment.ts';
import type { FoundBucket, FoundSettings } from './found-bucket.ts';
import { readObjectStore } from './object-store.ts';
import { readAddress } from './read-address.ts';
import { readFileStores } from './read-file-stores.ts';

/** Forms of input: the value of one variable, lines of an environment, or YAML of any kind. */
export const INPUT_FORMS = ['file-stores', 'bucket', 'env', 'manifests'] as const;
export type InputForm = (typeof INPUT_FORMS)[number];

/** The form that a text seems to have. The address of one bucket is taken for a value of the file stores. */
export function formOf(source: string): InputForm {
  if (/^\s*["'[]*\s*[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.test(source)) return 'file-stores';
  const isEnvironment = KNOWN_VARIABLES.some((name) => new RegExp(`(^|\\s)${name}=`, 'm').test(source));
  return isEnvironment && !/^\s*(apiVersion|kind|global|services):/m.test(source) ? 'env' : 'manifests';
}

/** Reads text that is not YAML: the value of a variable, or lines of an environment. */
export function readPlainText(source: string, form: Exclude<InputForm, 'manifests'>): FoundSettings {
  switch (form) {
    case 'file-stores': {
      const { value, findings } = readFileStores(source, { at: 'entry' });
      return { stores: value, findings };
    }
    case 'bucket': {
      const { value, findings } = readAddress(source.trim(), { at: 'address', kind: 'InstanceBucket' });
      return { ...(value !== undefined && { instance: value }), stores: [], findings };
    }
    case 'env':
      return readEnvironment(environmentOfText(source));
  }
}

/** Reads YAML documents: W&B's resources, chart values, and whatever has containers. Secrets among them give values. */
export function readManifests(documents: readonly JsonObject[]): Result<FoundSettings, string> {
  const given = givenData(documents);
  const read = documents.map((one) => readDocument(one, given)).filter((one) => one !== undefined);
  const settings = read.length > 0 ? read : environmentsOfData(given);
  const found = settings.filter(
    ({ instance, stores, findings }) => instance !== undefined || stores.length + findings.length > 0,
  );
  if (found.length === 0)
    return err('There is no bucket in it: neither a value of W&B, nor a variable such as BUCKET.');
  return ok(merged(found));
}

function givenData(documents: readonly JsonObject[]): GivenData {
  const holders = documents.filter((one) => ['Secret', 'ConfigMap'].includes(text(one, 'kind') ?? ''));
  return new Map(
    holders.map((one) => {
      const kind = text(one, 'kind') ?? '';
      const name = text(asJsonObject(own(one, 'metadata')), 'name') ?? '';
      const data = textsIn(own(one, 'data'));
      const plain = kind === 'Secret' ? decodedData(data) : data;
      return [`${kind}/${name}`, { ...plain, ...textsIn(own(one, 'stringData')) }] as const;
    }),
  );
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asJsonObject(value) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function decodedData(data: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}

/** Secrets and ConfigMaps alone: each is taken for an environment. */
function environmentsOfData(given: GivenData): readonly FoundSettings[] {
  return [...given.values()].map((data) => readEnvironment(environmentIn(data, given)));
}

function readDocument(document: JsonObject, given: GivenData): FoundSettings | undefined {
  const kind = text(document, 'kind');
  const spec = asJsonObject(own(document, 'spec'));
  switch (kind) {
    case 'Secret':
    case 'ConfigMap':
      return undefined;
    case 'WeightsAndBiases':
      return readWeightsAndBiases(document, given);
    case 'HelmRelease':
      return readValuesIn(own(spec, 'values'), given, 'spec.values.');
    case 'Application':
      return readValuesIn(
        own(asJsonObject(own(asJsonObject(own(spec, 'source')), 'helm')), 'valuesObject'),
        given,
        'spec.source.helm.valuesObject.',
      );
    case undefined:
      return own(document, 'services') === undefined
        ? readChartValues(document, given)
        : readContainers(document, given);
    default:
      return readContainers(document, given);
  }
}

function readValuesIn(values: unknown, given: GivenData, at: string): FoundSettings | undefined {
  const bag = asJsonObject(values);
  return bag === undefined ? undefined : readChartValues(bag, given, at);
}

function readWeightsAndBiases(document: JsonObject, given: GivenData): FoundSettings | undefined {
  if (text(document, 'apiVersion')?.startsWith(`${WANDB_GROUP}/`) !== true) return undefined;
  const spec = asJsonObject(own(document, 'spec'));
  const values = asJsonObject(own(spec, 'values'));
  return values === undefined ? readVersionTwo(spec, given) : readChartValues(values, given, 'spec.values.');
}

function readVersionTwo(spec: JsonObject | undefined, given: GivenData): FoundSettings {
  const stores = Object.entries(asJsonObject(own(spec, 'objectStore')) ?? {});
  const [first] = stores.sort(([left], [right]) => Number(right === 'default') - Number(left === 'default'));
  const external = asJsonObject(own(asJsonObject(first?.[1]), 'externalObjectStore'));
  const read =
    external === undefined
      ? { value: undefined, findings: [] }
      : readObjectStore(external, given, `spec.objectStore.${first?.[0] ?? ''}.externalObjectStore`);
  const wandb = asJsonObject(own(spec, 'wandb'));
  const overrides = asJsonObject(own(wandb, 'legacyOverrides'));
  const sections = ['global', 'api', 'app'].map((name) => own(asJsonObject(own(overrides, name)), 'env'));
  const environment = readEnvironment(new Map(sections.flatMap((one) => [...environmentIn(one, given)])));
  const instance = environment.instance ?? read.value;
  const url = text(wandb, 'hostname');
  return {
    ...environment,
    ...(instance !== undefined && { instance }),
    ...(url !== undefined && /^https?:\/\//.test(url) && { url }),
    findings: [...read.findings, ...environment.findings],
  };
}

/** All containers of an object, also of a Compose file. */
function readContainers(document: JsonObject, given: GivenData): FoundSettings | undefined {
  const environments = containersIn(document, 0).map((container) =>
    environmentIn(own(container, 'env') ?? own(container, 'environment'), given),
  );
  const relevant = environments.filter((environment) => KNOWN_VARIABLES.some((name) => environment.has(name)));
  return relevant.length === 0 ? undefined : merged(relevant.map(readEnvironment));
}

function containersIn(value: unknown, depth: number): readonly JsonObject[] {
  if (typeof value !== 'object' || value === null || depth > 12) return [];
  const bag = asJsonObject(value);
  if (bag !== undefined && (own(bag, 'env') !== undefined || own(bag, 'environment') !== undefined)) return [bag];
  return Object.values(value).flatMap((child: unknown) => containersIn(child, depth + 1));
}

/** Of several documents: the first instance bucket, and all file stores, each once. */
export function merged(all: readonly FoundSettings[]): FoundSettings {
  const first = <T>(pick: (one: FoundSettings) => T | undefined): T | undefined =>
    all.map(pick).find((value) => value !== undefined);
  const [instance, url, cloud] = [first((one) => one.instance), first((one) => one.url), first((one) => one.cloud)];
  const stores = new Map<string, FoundBucket>();
  for (const store of all.flatMap((one) => one.stores)) {
    stores.set(JSON.stringify([store, store.credential?.secret?.reveal()]), store);
  }
  const findings = new Map(all.flatMap((one) => one.findings).map((one) => [JSON.stringify(one), one]));
  return {
    ...(instance !== undefined && { instance }),
    ...(url !== undefined && { url }),
    ...(cloud !== undefined && { cloud }),
    stores: [...stores.values()],
    findings: [...findings.values()],
  };
}
