import type { ObjectKey } from '../api/object.ts';

/** The parts of a resource type that its path consists of. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** `/api/v1/namespaces/…` or `/apis/GROUP/VERSION/namespaces/…`; without a namespace, all of them. */
export function collectionPath(type: ResourcePath, namespace: string | undefined): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  return namespace === undefined
    ? `${root}/${type.plural}`
    : `${root}/namespaces/${encodeURIComponent(namespace)}/${type.plural}`;
}

/** Path of one object. */
export function objectPath(type: ResourcePath, key: ObjectKey): string {
  return `${collectionPath(type, key.namespace)}/${encodeURIComponent(key.name)}`;
}

/** A query string with its question mark; members that are undefined are left out. */
export function queryString(query: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
