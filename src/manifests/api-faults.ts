import type { KubeObject } from '../api/object.ts';
import { ruleFaults } from './cel-rules.ts';
import type { StorageKindName } from './crd-schema.ts';
import { structureFaults, type SchemaFault } from './structure.ts';

/** The API server's rule for names of objects. */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Why the API server would not accept an object: its name, its structure, and if that is right, the rules of its CRD. */
export function apiFaults(
  kind: StorageKindName,
  object: KubeObject,
  former: (KubeObject & { readonly status?: unknown }) | undefined,
): readonly SchemaFault[] {
  const name = nameFaults(object);
  const structure = structureFaults(kind, object);
  const isStructural = structure.every(({ reason }) => reason === 'UnknownField');
  if (!isStructural) return [...name, ...structure];
  // Applying a manifest leaves the status as it is.
  const stored = { ...object, ...(former?.status !== undefined && { status: former.status }) };
  return [...name, ...structure, ...ruleFaults(kind, stored, former)];
}

function nameFaults({ metadata: { name } }: KubeObject): readonly SchemaFault[] {
  if (OBJECT_NAME.test(name) && name.length <= 253) return [];
  const message =
    name === ''
      ? 'metadata.name is required'
      : 'metadata.name must consist of lower case letters, digits, - and ., and begin and end with a letter or digit';
  return [{ reason: 'SchemaViolated', path: ['metadata', 'name'], message }];
}
