import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import type { Sanitized } from './sanitize-spec.ts';

/**
 * Sanitizes the spec of an object once for each generation. The versions of an object that differ in status or metadata
 * only share one spec, so that results which are cached for a spec stay valid, and a status costs no second check.
 */
export function sanitizeOnce<T extends InstanceStorage | TeamStorage>(
  sanitize: (object: T) => Sanitized<T>,
): (object: T, previous: Sanitized<T> | undefined) => Sanitized<T> {
  return (object, previous) => {
    if (previous === undefined || !isSameSpec(object, previous)) return sanitize(object);
    const { spec, violations } = previous;
    return { ...object, spec, ...(violations !== undefined && { violations }) };
  };
}

function isSameSpec({ apiVersion, metadata }: InstanceStorage | TeamStorage, previous: InstanceStorage | TeamStorage) {
  const { uid, generation } = metadata;
  return (
    generation !== undefined &&
    generation === previous.metadata.generation &&
    uid === previous.metadata.uid &&
    apiVersion === previous.apiVersion
  );
}
