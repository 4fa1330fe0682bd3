import { weightsAndBiases } from '../../src/api/resources.ts';
import type { ManagedFieldsEntry } from '../../src/domain/delivery/managed-fields.ts';
import { adminRequest } from './shared.ts';
import { until } from './until.ts';

/**
 * A small CRD of our own in the shape of W&B's: `v1` with untyped chart values,
 * `v2` with the fields that matter to a bucket, typed as W&B types them
 * (references and the list of variables are atomic).
 */
const SELECTOR = {
  type: 'object',
  properties: { name: { type: 'string' }, key: { type: 'string' }, optional: { type: 'boolean' } },
  required: ['key'],
  'x-kubernetes-map-type': 'atomic',
};
const STORE_FIELDS = [
  'provider',
  'endpoint',
  'port',
  'accessKey',
  'secretKey',
  'bucket',
  'path',
  'region',
  'tlsEnabled',
  'forcePathStyle',
  'url',
];
const ENV = {
  type: 'array',
  items: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string' },
      value: { type: 'string' },
      valueFrom: { type: 'object', properties: { secretKeyRef: SELECTOR, configMapKeyRef: SELECTOR } },
    },
  },
};
const V2_SPEC = {
  type: 'object',
  properties: {
    objectStore: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: {
          managedObjectStore: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          externalObjectStore: {
            type: 'object',
            properties: Object.fromEntries(STORE_FIELDS.map((field) => [field, SELECTOR])),
          },
        },
      },
    },
    wandb: {
      type: 'object',
      properties: {
        hostname: { type: 'string' },
        legacyOverrides: {
          type: 'object',
          additionalProperties: { type: 'object', properties: { env: ENV } },
        },
      },
    },
  },
};
const UNTYPED = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const V1_SPEC = { type: 'object', properties: { chart: UNTYPED, values: UNTYPED } };

const NAME = 'weightsandbiases.apps.wandb.com';

const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: NAME },
  spec: {
    group: 'apps.wandb.com',
    scope: 'Namespaced',
    names: {
      plural: 'weightsandbiases',
      singular: 'weightsandbiases',
      kind: 'WeightsAndBiases',
      shortNames: ['wandb'],
    },
    versions: [version('v1', V1_SPEC, false), version('v2', V2_SPEC, true)],
  },
};

function version(name: string, spec: object, storage: boolean): unknown {
  // Both keep what they do not know, as the stored object serves both without a webhook.
  const kept = { ...spec, 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: kept, status: UNTYPED } } };
  return { name, served: true, storage, schema, subresources: { status: {} } };
}

/** Installs the CRD and waits until it is served. */
export async function installWeightsAndBiases(): Promise<void> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${NAME}`;
  const answer = await adminRequest('PATCH', `${path}?fieldManager=test&force=true`, CRD, APPLY);
  if (answer.status >= 300) throw new Error(`CRD: ${JSON.stringify(answer.body)}`);
  // A path that is not served yet is answered by text.
  await until('the CRD is served', () =>
    adminRequest('GET', '/apis/apps.wandb.com/v2/namespaces/default/weightsandbiases').then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
}

const APPLY = 'application/apply-patch+yaml';

export interface WandbResource {
  readonly metadata: { readonly resourceVersion: string; readonly managedFields?: readonly ManagedFieldsEntry[] };
  readonly spec?: Readonly<Record<string, unknown>>;
}

function pathOf(namespace: string, version: string, name: string): string {
  const { group, plural } = weightsAndBiases(version);
  return `/apis/${group}/${version}/namespaces/${namespace}/${plural}/${name}`;
}

/** Applies a manifest as some GitOps tool, by force or not. Gives the status code. */
export async function applyWandb(
  namespace: string,
  at: { readonly version: 'v1' | 'v2'; readonly name: string; readonly manager?: string; readonly force?: boolean },
  spec: unknown,
): Promise<number> {
  const { version, name, manager = 'gitops', force = true } = at;
  const object = {
    apiVersion: `apps.wandb.com/${version}`,
    kind: 'WeightsAndBiases',
    metadata: { name, namespace },
    spec,
  };
  const path = `${pathOf(namespace, version, name)}?fieldManager=${manager}&force=${String(force)}`;
  return (await adminRequest('PATCH', path, object, APPLY)).status;
}

export async function getWandb(namespace: string, version: 'v1' | 'v2', name: string): Promise<WandbResource> {
  const answer = await adminRequest('GET', pathOf(namespace, version, name));
  if (answer.status !== 200) throw new Error(`WeightsAndBiases ${name}: ${answer.status}`);
  return answer.body as unknown as WandbResource;
}

/** Managers that own fields of the spec, sorted. */
export function managersOf({ metadata }: WandbResource): readonly string[] {
  const managers = (metadata.managedFields ?? []).filter(({ subresource }) => (subresource ?? '') === '');
  return [...new Set(managers.map(({ manager = '' }) => manager))].sort();
}
