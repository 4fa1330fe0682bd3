import { chartEnvironment, fromSecret, type ServerConfig } from '../publication/server-config.ts';

/** Supported API versions of `WeightsAndBiases` (group `apps.wandb.com`). */
export type WandbVersion = 'v1' | 'v2';

/** An entry of a pod's environment. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

/** Fields of v2's `externalObjectStore`, and the keys of the Secret that they refer to. */
const OBJECT_STORE_FIELDS: Readonly<Record<string, string>> = {
  provider: 'Provider',
  endpoint: 'Host',
  port: 'Port',
  accessKey: 'AccessKey',
  secretKey: 'SecretKey',
  bucket: 'Bucket',
  path: 'Path',
  region: 'Region',
  tlsEnabled: 'TlsEnabled',
  forcePathStyle: 'ForcePathStyle',
  url: 'url',
};

/** This list is atomic in v2: the manager that applies it owns all of it. */
export const V2_ENV_PATH = ['spec', 'wandb', 'legacyOverrides', 'global', 'env'] as const;
/** Where v2 takes its default bucket from. */
export const V2_STORE_PATH = ['spec', 'objectStore', 'default'] as const;

/** The fields of a v1 object: values of the operator-wandb chart. A null would mean "remove", so nulls are left out. */
export function fieldsV1(config: ServerConfig): Readonly<Record<string, unknown>> {
  const env = chartEnvironment(config);
  const { chartBucket } = config;
  return {
    spec: {
      values: {
        global: {
          ...(chartBucket !== undefined && { bucket: withoutNulls(chartBucket) }),
          ...(Object.keys(env).length > 0 && { env }),
        },
      },
    },
  };
}

/** The fields of a v2 object, except its environment. */
export function objectStoreV2(config: ServerConfig): Readonly<Record<string, unknown>> {
  const fields = Object.entries(OBJECT_STORE_FIELDS)
    .filter(([, key]) => config.objectStoreKeys.includes(key))
    .map(([field, key]) => [field, { name: config.name, key }]);
  if (fields.length === 0) return {};
  return { objectStore: { default: { externalObjectStore: Object.fromEntries(fields) as unknown } } };
}

/** The entries of a v2 object's global environment: the file stores, and settings that have no field of their own. */
export function environmentV2(config: ServerConfig): readonly EnvVar[] {
  return [
    ...config.fileStoreVariables.map((name) => ({ name, ...fromSecret(config.name, name) })),
    // v2 has no field for the KMS key; the pods read it from their environment.
    ...config.environmentKeys
      .filter((name) => name === 'AWS_S3_KMS_ID')
      .map((name) => ({ name, valueFrom: { configMapKeyRef: { name: config.name, key: name } } })),
  ];
}

/**
 * Whether an entry refers to the Secret or ConfigMap `name`. Such an entry belongs to the operator, no matter who wrote
 * it.
 */
export function refersTo(entry: EnvVar, name: string): boolean {
  const from = (entry.valueFrom ?? {}) as Readonly<Record<string, { readonly name?: unknown } | undefined>>;
  return from['secretKeyRef']?.name === name || from['configMapKeyRef']?.name === name;
}

function withoutNulls(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}
