import type { InstanceStorage, TeamStorage } from '../api/resources.ts';

/** Whether an object's spec names a Secret or ConfigMap, wherever in the bucket that is. */
export function refersTo(object: InstanceStorage | TeamStorage, kind: 'Secret' | 'ConfigMap', name: string): boolean {
  const wanted = kind === 'Secret' ? ['secretRef', 'secretKeyRef'] : ['configMapKeyRef'];
  return names(object.spec.bucket, wanted, name, 0);
}

function names(value: unknown, wanted: readonly string[], name: string, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > 8) return false;
  return Object.entries(value).some(([key, child]) =>
    wanted.includes(key) ? (child as { name?: unknown } | null)?.name === name : names(child, wanted, name, depth + 1),
  );
}
