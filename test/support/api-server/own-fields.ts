import { fieldsIn, omit, sameJson, type Fields } from './json.ts';
import type { Kind } from './kinds.ts';
import { withBuiltInDefaults } from './object-rules.ts';

export function metaOf(object: Fields): Fields {
  return fieldsIn(object['metadata']);
}

/** A new object with what the server puts into it; its status is for the status endpoint alone. */
export function created(
  kind: Kind,
  object: Fields,
  given: { readonly namespace: string; readonly uid: string; readonly time: string },
): Fields {
  const metadata = {
    ...omit(metaOf(object), 'managedFields', 'resourceVersion', 'generation'),
    namespace: given.namespace,
    uid: given.uid,
    creationTimestamp: given.time,
    ...(hasGeneration(kind) && { generation: 1 }),
  };
  return { ...(kind.hasStatus ? omit(object, 'status') : object), metadata };
}

/** What no writer of the whole object decides: the server's metadata, the status, and the generation, which follows the spec. */
export function inherited(kind: Kind, live: Fields, object: Fields): Fields {
  const { uid, creationTimestamp, namespace, name, generation } = metaOf(live);
  const metadata = {
    ...metaOf(object),
    uid,
    creationTimestamp,
    namespace,
    name,
    ...(generation !== undefined && { generation }),
  };
  const whole = kind.hasStatus ? withStatus({ ...object, metadata }, live['status']) : { ...object, metadata };
  if (typeof generation !== 'number' || sameJson(generationOf(kind, whole), generationOf(kind, live))) return whole;
  return { ...whole, metadata: { ...metadata, generation: generation + 1 } };
}

/** What a new generation is a change of. A Deployment's annotations go to its ReplicaSets. */
function generationOf(kind: Kind, object: Fields): unknown {
  if (kind.isCustom) return omit(object, 'metadata', 'status', 'apiVersion');
  return [withBuiltInDefaults(kind, object)['spec'], metaOf(object)['annotations'] ?? {}];
}

function hasGeneration(kind: Kind): boolean {
  return kind.isCustom || kind.kind === 'Deployment';
}

export function withStatus(object: Fields, status: unknown): Fields {
  return { ...omit(object, 'status'), ...(status !== undefined && { status }) };
}
