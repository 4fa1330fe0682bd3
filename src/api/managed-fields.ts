/** One entry of `metadata.managedFields`: which manager owns which fields, seen through which API version. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  /** `group/version`. */
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly fieldsV1?: unknown;
}

/** Names of nested fields, from the root of the object. */
export type FieldPath = readonly string[];

/** The innermost fields that a manager owns by apply. */
export function ownedPaths(entries: readonly ManagedFieldsEntry[], manager: string): readonly FieldPath[] {
  return entries
    .filter((entry) => entry.manager === manager && entry.operation === 'Apply' && !isOfStatus(entry))
    .flatMap((entry) => innermost(entry.fieldsV1, []));
}

/** Managers other than `except` that own the field, a part of it, or what it is a part of; sorted. */
export function ownersOf(entries: readonly ManagedFieldsEntry[], path: FieldPath, except: string): readonly string[] {
  const owners = entries
    .filter(({ manager }) => manager !== undefined && manager !== except)
    .filter((entry) => innermost(entry.fieldsV1, []).some((owned) => isWithin(owned, path) || isWithin(path, owned)))
    .map(({ manager }) => manager ?? '');
  return [...new Set(owners)].sort();
}

/** API versions in which others keep fields of the spec. */
export function versionsOfOthers(entries: readonly ManagedFieldsEntry[], except: string): readonly string[] {
  return entries
    .filter((entry) => entry.manager !== except && !isOfStatus(entry))
    .filter((entry) => innermost(entry.fieldsV1, []).some(([root]) => root === 'spec'))
    .map(({ apiVersion = '' }) => apiVersion.slice(apiVersion.indexOf('/') + 1));
}

/** The entries with one field taken from what a manager owns; an entry that owns nothing more is left out. */
export function released(
  entries: readonly ManagedFieldsEntry[],
  manager: string,
  path: FieldPath,
): readonly ManagedFieldsEntry[] {
  return entries.flatMap((entry) => {
    if (entry.manager !== manager || isOfStatus(entry)) return [entry];
    const fieldsV1 = without(entry.fieldsV1, path);
    return fieldsV1 === undefined ? [] : [{ ...entry, fieldsV1 }];
  });
}

function without(fields: unknown, [name, ...below]: FieldPath): unknown {
  if (name === undefined || typeof fields !== 'object' || fields === null) return undefined;
  const rest = Object.entries(fields).flatMap(([key, value]) => {
    if (key !== `f:${name}`) return [[key, value as unknown] as const];
    const left = without(value, below);
    return left === undefined ? [] : [[key, left] as const];
  });
  return rest.some(([key]) => key.startsWith('f:')) ? Object.fromEntries(rest) : undefined;
}

/** Whether `path` is `outer` or lies below it. */
export function isWithin(path: FieldPath, outer: FieldPath): boolean {
  return outer.every((name, index) => path[index] === name);
}

/** A path in the notation of the API server, such as `spec.values.global`. */
export function pathText(path: FieldPath): string {
  return path.join('.');
}

function isOfStatus({ subresource }: ManagedFieldsEntry): boolean {
  return subresource !== undefined && subresource !== '';
}

/** In `fieldsV1` a field is `f:name`. Elements of lists (`k:`, `v:`, `i:`) are not followed. */
function innermost(fields: unknown, path: FieldPath): readonly FieldPath[] {
  if (typeof fields !== 'object' || fields === null) return [path];
  const children = Object.entries(fields).filter(([key]) => key.startsWith('f:'));
  if (children.length === 0) return path.length === 0 ? [] : [path];
  return children.flatMap(([key, below]) => innermost(below, [...path, key.slice(2)]));
}
