import { UNTYPED, type Schema } from './shape.ts';

const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'object', additionalProperties: TEXT };

/** `metav1.ObjectMeta`. */
export const METADATA: Schema = {
  type: 'object',
  properties: {
    name: TEXT,
    namespace: TEXT,
    uid: TEXT,
    resourceVersion: TEXT,
    generation: { type: 'integer' },
    creationTimestamp: TEXT,
    deletionTimestamp: TEXT,
    labels: TEXTS,
    annotations: TEXTS,
    finalizers: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'set' },
    ownerReferences: {
      type: 'array',
      items: { ...UNTYPED, type: 'object' },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
    },
    managedFields: { type: 'array', items: UNTYPED },
  },
};

export const SECRET: Schema = {
  type: 'object',
  properties: { type: TEXT, immutable: { type: 'boolean' }, data: TEXTS, stringData: TEXTS },
};

export const CONFIG_MAP: Schema = {
  type: 'object',
  properties: { immutable: { type: 'boolean' }, data: TEXTS, binaryData: TEXTS },
};

/** Objects of which only the metadata matters here. */
export const EMPTY: Schema = { ...UNTYPED, type: 'object' };

/** What matters of a Deployment to who restarts it; its pods stay untyped. */
export const DEPLOYMENT: Schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['selector', 'template'],
      'x-kubernetes-preserve-unknown-fields': true,
      properties: {
        replicas: { type: 'integer' },
        selector: { ...UNTYPED, type: 'object', 'x-kubernetes-map-type': 'atomic' },
        template: {
          type: 'object',
          properties: {
            metadata: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
              properties: { labels: TEXTS, annotations: TEXTS },
            },
            spec: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
              properties: {
                containers: {
                  type: 'array',
                  items: { ...UNTYPED, type: 'object' },
                  'x-kubernetes-list-type': 'map',
                  'x-kubernetes-list-map-keys': ['name'],
                },
              },
            },
          },
        },
      },
    },
    status: { ...UNTYPED, type: 'object' },
  },
};
