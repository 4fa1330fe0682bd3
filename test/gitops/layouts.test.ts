import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { InstanceStorage, TeamStorage } from '../../src/api/resources.ts';
import { chartBucket } from '../../src/domain/publication/instance-keys.ts';
import { parseBucket } from '../../src/domain/spec/parse-bucket.ts';
import { referencesOf } from '../../src/domain/spec/references.ts';
import { Secret } from '../../src/base/secret.ts';
import { adminRequest, newNamespace } from '../servers/shared.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

function manifestsIn(folder: string): readonly Manifest[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return manifestsIn(path);
    if (entry.name.startsWith('.')) return [];
    return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as Manifest);
  });
}

const ARGO = manifestsIn('config/argocd/example');
const FLUX = manifestsIn('config/flux/example');
const named = (all: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = all.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`${kind} ${name} is missing`);
  return found;
};
const wave = ({ metadata }: Manifest): number => Number(metadata.annotations?.['argocd.argoproj.io/sync-wave']);

describe('the example repository for Argo CD', () => {
  const storages = ARGO.filter(({ apiVersion }) => apiVersion.startsWith('storage.wandb.com'));

  it('holds storages that the API server takes', () => expectTaken(storages));

  it('brings keys before the storages that need them, and opens them', () => {
    const secrets = ARGO.filter(({ kind }) => kind === 'ExternalSecret');
    for (const storage of storages) {
      for (const { name } of referencesOf(storage as unknown as InstanceStorage | TeamStorage)) {
        const secret = secrets.find(({ metadata }) => metadata.name === name);
        expect(secret?.spec).toMatchObject({
          target: { template: { metadata: { labels: { 'storage.wandb.com/allow': 'true' } } } },
        });
        expect(secret === undefined ? Number.NaN : wave(secret)).toBeLessThan(wave(storage));
      }
    }
  });

  it('syncs the operator, then the storages, then W&B', () => {
    const order = ['byob-operator', 'wandb-storages', 'wandb'].map((name) => wave(named(ARGO, 'Application', name)));
    expect(order).toEqual([0, 1, 2]);
  });

  it('gives W&B the very values that the operator would write for this bucket', () => {
    const instance = named(ARGO, 'InstanceStorage', 'wandb') as unknown as InstanceStorage;
    const storage = parseBucket(instance.spec.bucket, 'spec.bucket');
    if (!storage.ok) throw new Error(storage.error.message);
    const bucket = chartBucket(
      {
        address: storage.value,
        credential: { kind: 'AccessKey', accessKeyId: 'a', secretAccessKey: new Secret('b') },
        digest: '',
        provenAt: '',
      },
      'wandb-storage',
    );
    const written = Object.fromEntries(Object.entries(bucket).filter(([, value]) => value !== null));
    const { source } = named(ARGO, 'Application', 'wandb').spec as {
      readonly source: {
        readonly helm: { readonly valuesObject: { readonly global: Readonly<Record<string, unknown>> } };
      };
    };
    const { global } = source.helm.valuesObject;
    expect(global['bucket']).toEqual(written);
    const reference = (key: string): object => ({ valueFrom: { secretKeyRef: { name: 'wandb-storage', key } } });
    expect(global['env']).toEqual({
      GORILLA_SUPPORTED_FILE_STORES: reference('GORILLA_SUPPORTED_FILE_STORES'),
      SUPPORTED_FILE_STORES: reference('SUPPORTED_FILE_STORES'),
    });
  });
});

describe('the example repository for Flux', () => {
  const ROOT = 'config/flux/example';
  const storages = FLUX.filter(({ apiVersion }) => apiVersion.startsWith('storage.wandb.com'));
  const kustomizations = FLUX.filter(({ kind }) => kind === 'Kustomization');

  it('holds storages that the API server takes', () => expectTaken(storages));

  it('has the folders that its Kustomizations sync, and everything that they refer to', () => {
    const names = new Set(FLUX.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
    // What `flux bootstrap` makes.
    names.add('GitRepository/flux-system');
    for (const { spec } of kustomizations) expect(existsSync(join(ROOT, String(spec['path'])))).toBe(true);
    for (const reference of FLUX.flatMap(({ spec }) => sourcesIn(spec))) expect(names).toContain(reference);
    const dependencies = kustomizations.flatMap(({ spec }) => (spec['dependsOn'] ?? []) as { readonly name: string }[]);
    for (const { name } of dependencies) expect(names).toContain(`Kustomization/${name}`);
  });

  it('syncs the operator, then the storages, then W&B, and waits for what comes before', () => {
    expect(named(FLUX, 'Kustomization', 'byob-operator').spec).toMatchObject({ wait: true });
    expect(named(FLUX, 'Kustomization', 'wandb-storages').spec).toMatchObject({
      wait: true,
      dependsOn: [{ name: 'byob-operator' }],
    });
    expect(named(FLUX, 'Kustomization', 'wandb-server').spec).toMatchObject({
      dependsOn: [{ name: 'wandb-storages' }],
    });
  });

  it('brings the keys that its storages name, opened to them', () => {
    for (const storage of storages) {
      for (const { name } of referencesOf(storage as unknown as InstanceStorage | TeamStorage)) {
        expect(named(FLUX, 'Secret', name)).toMatchObject({
          metadata: { labels: { 'storage.wandb.com/allow': 'true' } },
        });
      }
    }
  });

  it('takes the values of W&B from the ConfigMap that the operator writes', () => {
    expect(named(FLUX, 'HelmRelease', 'wandb').spec).toMatchObject({
      valuesFrom: [{ kind: 'ConfigMap', name: 'wandb-storage', valuesKey: 'values.yaml' }],
    });
  });
});

/** `Kind/name` of every source that a spec refers to. */
function sourcesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: readonly [string, unknown]) => {
    if (key !== 'sourceRef') return sourcesIn(child);
    const { kind, name } = child as { readonly kind: string; readonly name: string };
    return [`${kind}/${name}`];
  });
}

async function expectTaken(storages: readonly Manifest[]): Promise<void> {
  expect(storages.length).toBeGreaterThan(1);
  const namespace = await newNamespace('layout');
  for (const storage of storages) {
    const path = `/apis/${storage.apiVersion}/namespaces/${namespace}/${storage.kind.toLowerCase()}s?dryRun=All&fieldValidation=Strict`;
    const answer = await adminRequest('POST', path, storage);
    expect([storage.metadata.name, answer.status, answer.body['message']]).toEqual([
      storage.metadata.name,
      201,
      undefined,
    ]);
  }
}
