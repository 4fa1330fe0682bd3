import type { KubeObject, ObjectKey } from './object.ts';

/** `namespace/name`: the form in which keys go through queues and maps. */
export function keyText(key: ObjectKey): string {
  return `${key.namespace}/${key.name}`;
}

/** The inverse of `keyText`. */
export function parseKey(text: string): ObjectKey {
  const slash = text.indexOf('/');
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** The key of a namespaced object. */
export function keyOf(object: Pick<KubeObject, 'metadata'>): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}
