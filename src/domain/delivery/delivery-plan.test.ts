import { describe, expect, it } from '@jest/globals';
import { blockedByServer, planDelivery, type DeliveryAim } from './delivery-plan.ts';
import { released, type ManagedFieldsEntry } from '../../api/managed-fields.ts';
import type { ServerConfig } from '../publication/server-config.ts';
import { V2_ENV_PATH } from './wandb-fields.ts';

const CONFIG: ServerConfig = {
  hash: 'h',
  name: 'wandb-storage',
  chartBucket: { provider: 's3', name: 'minio:9000', path: 'runs?tls=false', region: null, kmsKey: null },
  bucketVariables: [],
  fileStoreVariables: ['GORILLA_SUPPORTED_FILE_STORES'],
  objectStoreKeys: ['AccessKey', 'BUCKET', 'Bucket', 'Provider'],
  environmentKeys: [],
};
const MANAGER = 'byob-operator/wandb';
const OURS = {
  name: 'GORILLA_SUPPORTED_FILE_STORES',
  valueFrom: { secretKeyRef: { name: 'wandb-storage', key: 'GORILLA_SUPPORTED_FILE_STORES' } },
};
const PROXY = { name: 'HTTP_PROXY', value: 'http://proxy' };
const STORE = {
  provider: { name: 'wandb-storage', key: 'Provider' },
  accessKey: { name: 'wandb-storage', key: 'AccessKey' },
  bucket: { name: 'wandb-storage', key: 'Bucket' },
};

function owned(manager: string, paths: readonly string[], version = 'v2'): ManagedFieldsEntry {
  const fieldsV1: Record<string, unknown> = {};
  for (const path of paths) {
    let at = fieldsV1;
    for (const name of path.split('.')) at = (at[`f:${name}`] ??= {}) as Record<string, unknown>;
  }
  return { manager, operation: 'Apply', apiVersion: `apps.wandb.com/${version}`, fieldsV1 };
}

function v1(spec: unknown, managedFields: readonly ManagedFieldsEntry[] = [], aim: Partial<DeliveryAim> = {}) {
  return planDelivery(
    { metadata: { managedFields }, spec },
    { version: 'v1', config: CONFIG, outputName: 'wandb-storage', manager: MANAGER, ...aim },
  );
}

const v2: typeof v1 = (spec, managedFields, aim) => v1(spec, managedFields, { version: 'v2', ...aim });
const listed = (env: readonly unknown[]) => ({ legacyOverrides: { global: { env } } });
const LIST = V2_ENV_PATH.join('.');

describe('v1: the values of the chart', () => {
  const global = {
    bucket: { provider: 's3', name: 'minio:9000', path: 'runs?tls=false' },
    env: { GORILLA_SUPPORTED_FILE_STORES: { valueFrom: OURS.valueFrom } },
  };

  it('are applied without what would mean "remove"', () => {
    expect(v1({ values: {} })).toEqual({ kind: 'Apply', fields: { spec: { values: { global } } }, thenRelease: false });
  });

  it('are in place, no matter which manager set them', () => {
    expect(v1({ values: { global: { ...global, host: 'x' } } })).toEqual({ kind: 'InPlace' });
  });

  it('are applied again without a field that is not wanted any more', () => {
    const stale = owned(MANAGER, ['spec.values.global.env.OLD', 'spec.values.global.bucket.name'], 'v1');
    expect(v1({ values: { global } }, [stale])).toMatchObject({ kind: 'Apply' });
  });

  it('are blocked by a value of another shape, which the API server would replace without a conflict', () => {
    const theirs = { values: { global: { env: { GORILLA_SUPPORTED_FILE_STORES: 's3://typed-by-hand' } } } };
    const path = 'spec.values.global.env.GORILLA_SUPPORTED_FILE_STORES';
    expect(v1(theirs, [owned('flux', [path], 'v1')])).toEqual({
      kind: 'Blocked',
      fields: [
        {
          field: path,
          managers: ['flux'],
          paste: '{ valueFrom: { secretKeyRef: { name: wandb-storage, key: GORILLA_SUPPORTED_FILE_STORES } } }',
        },
      ],
    });
  });

  it('are withdrawn by an empty manifest, once', () => {
    const ours = owned(MANAGER, ['spec.values.global.bucket.name'], 'v1');
    expect(v1({ values: { global } }, [ours], { config: undefined })).toMatchObject({ kind: 'Apply', fields: {} });
    expect(v1({ values: { global } }, [], { config: undefined })).toEqual({ kind: 'InPlace' });
  });
});

describe('v2: the object store and the atomic list of variables', () => {
  it('an empty object gets both', () => {
    expect(v2({})).toEqual({
      kind: 'Apply',
      fields: {
        spec: { objectStore: { default: { externalObjectStore: STORE } }, wandb: listed([OURS]) },
      },
      thenRelease: false,
    });
  });

  it('a list without an owner keeps its entries', () => {
    expect(v2({ wandb: listed([PROXY]) })).toMatchObject({
      kind: 'Apply',
      fields: { spec: { wandb: listed([PROXY, OURS]) } },
    });
  });

  it('a list of another manager is not touched, and the entries to paste are reported', () => {
    const plan = v2({ wandb: listed([PROXY]) }, [owned('flux', [LIST])]);
    expect(plan).toMatchObject({ kind: 'Blocked', fields: [{ field: LIST, managers: ['flux'] }] });
    expect(JSON.stringify(plan)).toContain('key: GORILLA_SUPPORTED_FILE_STORES');
  });

  it('once they are pasted, it is in place, optional or not, and not in the manifest', () => {
    const pasted = { ...OURS, valueFrom: { secretKeyRef: { ...OURS.valueFrom.secretKeyRef, optional: true } } };
    const object = { wandb: listed([PROXY, pasted]) };
    const plan = v2(object, [owned('flux', [LIST])]);
    expect(plan).toMatchObject({ kind: 'Apply', fields: { spec: { objectStore: {} } } });
    expect(plan).not.toHaveProperty('fields.spec.wandb');
    const store = { objectStore: { default: { externalObjectStore: STORE } } };
    expect(v2({ ...object, ...store }, [owned('flux', [LIST])])).toEqual({ kind: 'InPlace' });
  });

  it('a variable that was set manually in an unowned list blocks', () => {
    expect(v2({ wandb: listed([{ name: OURS.name, value: 's3://by-hand' }]) })).toMatchObject({ kind: 'Blocked' });
  });

  it('a store that W&B manages itself would take precedence over the delivered one, so it blocks', () => {
    const plan = v2({ objectStore: { default: { managedObjectStore: {} } } });
    expect(plan).toEqual({
      kind: 'Blocked',
      fields: [{ field: 'spec.objectStore.default.managedObjectStore', managers: [] }],
    });
  });

  it('leaving keeps the entries of others: the list is applied without ours, then released', () => {
    const ours = owned(MANAGER, [LIST, 'spec.objectStore.default.externalObjectStore.bucket']);
    const object = { wandb: listed([PROXY, OURS]) };
    expect(v2(object, [ours], { config: undefined })).toEqual({
      kind: 'Apply',
      fields: { spec: { wandb: listed([PROXY]) } },
      thenRelease: true,
    });
    expect(released([ours], MANAGER, V2_ENV_PATH)).toEqual([
      owned(MANAGER, ['spec.objectStore.default.externalObjectStore.bucket']),
    ]);
    expect(released([owned(MANAGER, [LIST])], MANAGER, V2_ENV_PATH)).toEqual([]);
  });

  it('leaving a list with another owner leaves it to that owner', () => {
    const both = [owned(MANAGER, [LIST]), owned('flux', [LIST])];
    expect(v2({ wandb: listed([PROXY, OURS]) }, both, { config: undefined })).toEqual({
      kind: 'Apply',
      fields: {},
      thenRelease: false,
    });
  });

  it('without an entry left, one that another keeps is to be removed there: its key is gone from the Secret', () => {
    const without = { ...CONFIG, fileStoreVariables: [] };
    const plan = v2({ wandb: listed([PROXY, OURS]) }, [owned('flux', [LIST])], { config: without });
    expect(plan).toMatchObject({ kind: 'Blocked', fields: [{ field: `${LIST} (to remove: ${OURS.name})` }] });
  });
});

it('a refusal by the API server is reported with the owner and what to set', () => {
  const fields = { spec: { values: { global: { bucket: { name: 'minio:9000' } } } } };
  const conflicts = [
    { manager: 'flux', field: '.spec.values.global.bucket.name' },
    { manager: 'argocd', field: '.spec.values.global.bucket.name' },
  ];
  expect(blockedByServer(conflicts, fields)).toEqual([
    { field: 'spec.values.global.bucket.name', managers: ['argocd', 'flux'], paste: 'minio:9000' },
  ]);
});
