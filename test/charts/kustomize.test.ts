import { describe, expect, it } from '@jest/globals';
import { kustomized, rendered, type Manifest, type Values } from './render.ts';

/** The same installation by either tool; the manifests of `config/` are rendered from the chart, its overlays are not. */
const PAIRS: Readonly<Record<string, Values>> = {
  'config/default': {},
  'config/overlays/cluster': { watch: { allNamespaces: true } },
  'config/overlays/namespaced': { watch: { namespaces: ['wandb', 'wandb-staging'] } },
};

describe('kustomize (real kubectl) and the chart (real Helm)', () => {
  it.each(Object.entries(PAIRS))('make the same of %s', async (folder, values) => {
    const [ofKustomize, ofHelm] = await Promise.all([kustomized(folder), rendered('byob-operator', values)]);

    expect(normalised(ofKustomize)).toEqual(normalised(ofHelm));
  });

  it.each([
    ['config/rbac/delivery', { rbac: { delivery: true } }],
    ['config/rbac/rollout', { rbac: { rollout: true } }],
    ['config/rbac/token-request', { rbac: { tokenRequest: ['wandb-app'] } }],
  ])('add the same permissions by %s', async (folder, values) => {
    const [ofKustomize, without, withThem] = await Promise.all([
      kustomized(folder),
      rendered('byob-operator', {}),
      rendered('byob-operator', values),
    ]);

    const added = Object.entries(normalised(withThem)).filter(([id]) => !(id in normalised(without)));
    expect(normalised(ofKustomize)).toEqual(Object.fromEntries(added));
  });
});

/** Objects by kind, namespace and name, without what has no effect: who manages them, and orders that mean nothing. */
function normalised(manifests: readonly Manifest[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    manifests.map((manifest) => {
      const { kind, metadata } = manifest;
      const { namespace = '', name } = metadata;
      return [`${kind} ${namespace}/${name}`, withEffect(manifest)];
    }),
  );
}

function withEffect(manifest: Manifest): unknown {
  const { labels = {}, annotations = {}, ...metadata } = manifest.metadata;
  const own = (texts: Readonly<Record<string, string>>): unknown =>
    Object.fromEntries(Object.entries(texts).filter(([name]) => !/^(app\.kubernetes\.io|helm\.sh)\//.test(name)));
  const subjects = manifest['subjects'] as readonly object[] | undefined;
  const normal = {
    ...manifest,
    metadata: { ...metadata, labels: own(labels), annotations: own(annotations) },
    // The authorizer takes a subject without a namespace for one of the binding's.
    ...(subjects !== undefined && {
      subjects: subjects.map((subject) => ({ namespace: metadata.namespace, ...subject })),
    }),
  };
  return JSON.parse(JSON.stringify(normal, sorted));
}

function sorted(key: string, value: unknown): unknown {
  return key === 'args' && Array.isArray(value) ? value.toSorted() : value;
}
