import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';

/** A Secret or ConfigMap of the storage's own namespace. */
export interface Reference {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
}

const KINDS: Readonly<Record<string, Reference['kind']>> = {
  secretRef: 'Secret',
  secretKeyRef: 'Secret',
  configMapKeyRef: 'ConfigMap',
};

/** The Secrets and ConfigMaps that an object's spec names, in its bucket and in `credentialsFrom`. */
export function referencesOf(object: InstanceStorage | TeamStorage): readonly Reference[] {
  const { bucket, validation } = object.spec;
  return [...references(bucket, 0), ...references(validation?.credentialsFrom, 0)];
}

function references(value: unknown, depth: number): readonly Reference[] {
  if (typeof value !== 'object' || value === null || depth > 8) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const kind = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
    if (kind === undefined) return references(child, depth + 1);
    const { name } = (child ?? {}) as { readonly name?: unknown };
    return typeof name === 'string' ? [{ kind, name }] : [];
  });
}
