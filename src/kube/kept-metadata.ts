import type { KubeObject, PartialObject } from '../api/object.ts';

/** Holds the whole object as it was applied: for a Secret, its data too. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What a cache keeps of an object whose metadata alone is watched: names, version,
 * labels. No annotations: no code reads them from such a cache, and the annotation of
 * kubectl holds the data of a Secret.
 */
export function identityOnly({ apiVersion, kind, metadata }: PartialObject): PartialObject {
  const { name, namespace, uid, resourceVersion, generation, labels, deletionTimestamp } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(generation !== undefined && { generation }),
      ...(labels !== undefined && { labels }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    },
  };
}

/** An object without kubectl's copy of it, which is as large as the object; other annotations are needed. */
export function withoutLastApplied<T extends KubeObject>(object: T): T {
  const { annotations } = object.metadata;
  if (annotations?.[LAST_APPLIED] === undefined) return object;
  const kept = Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== LAST_APPLIED));
  return { ...object, metadata: { ...object.metadata, annotations: kept } };
}
