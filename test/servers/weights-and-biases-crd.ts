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

export const WANDB_CRD_NAME = 'weightsandbiases.apps.wandb.com';

/** The whole CRD. */
export const WANDB_CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: WANDB_CRD_NAME },
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

function version(name: string, spec: object, storage: boolean) {
  // Both keep what they do not know, as the stored object serves both without a webhook.
  const kept = { ...spec, 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: kept, status: UNTYPED } } };
  return { name, served: true, storage, schema, subresources: { status: {} } };
}
