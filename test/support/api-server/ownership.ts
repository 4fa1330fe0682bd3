import { difference, filtered, intersection, NO_FIELDS, rootOf, union, type FieldSet } from './field-set.ts';
import { sameJson, type Fields } from './json.ts';
import type { Schema } from './shape.ts';
import { compare, fieldsOf, merge, withDeclared, without, type Comparison } from './typed.ts';

/** Who owns fields: one entry of `metadata.managedFields`. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  /** Through which version of the API the fields are seen. */
  readonly apiVersion: string;
  readonly time: string;
  readonly fields: FieldSet;
}

/** Who writes, and through which endpoint. */
export interface Writer {
  readonly manager: string;
  readonly subresource: string;
  readonly apiVersion: string;
  readonly now: string;
  /** Outermost fields that this endpoint does not write, such as `status`. */
  readonly ignored: readonly string[];
  /** The schema of the whole object in a version of the API. */
  readonly schemaOf: (apiVersion: string) => Schema;
}

export interface Conflict {
  readonly owner: Owner;
  readonly path: string;
}

export type Outcome =
  | { readonly ok: true; readonly object: Fields; readonly owners: readonly Owner[] }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** Fields of which nobody is the owner. */
const OWNERLESS = new Set(
  ['apiVersion', 'kind']
    .map((name) => `f:${name}`)
    .concat(
      [
        'name',
        'namespace',
        'creationTimestamp',
        'selfLink',
        'uid',
        'generation',
        'managedFields',
        'resourceVersion',
      ].map((name) => `f:metadata\u0000f:${name}`),
      'f:metadata',
    ),
);

/** Server-side apply, after `merge.Updater.Apply` of structured-merge-diff. */
export function applied(
  live: Fields,
  owners: readonly Owner[],
  manifest: Fields,
  by: Writer & { readonly force: boolean },
): Outcome {
  const schema = by.schemaOf(by.apiVersion);
  const id = { ...by, operation: 'Apply' as const };
  const last = owners.find((owner) => isOwner(owner, id));
  const next: Owner = { ...ownerOf(id), time: last?.time ?? '', fields: written(fieldsOf(schema, manifest), by) };
  const all = [...owners.filter((owner) => owner !== last), next];
  const object = pruned(merge(schema, live, manifest) as Fields, all, last, by);
  const taken = takenFromOthers({ live, object, except: next }, all, by);
  if (taken.conflicts.length > 0 && !by.force) return { ok: false, conflicts: taken.conflicts };
  // Without a change there is no new time, and none at all for who only joins.
  const time = sameJson(live, object) ? next.time : by.now;
  const fields = difference(next.fields, OWNERLESS);
  const left = taken.owners.map((owner) => (owner === next ? { ...next, time, fields } : owner));
  return { ok: true, object, owners: present(left) };
}

/** What any other write does to ownership, after `merge.Updater.Update`: who changes a field owns it. */
export function updated(live: Fields, owners: readonly Owner[], object: Fields, by: Writer): readonly Owner[] {
  const id = { ...by, operation: 'Update' as const };
  const taken = takenFromOthers({ live, object }, owners, by);
  const { added, modified } = changes(live, object, by.apiVersion, by);
  const changed = difference(union(added, modified), OWNERLESS);
  if (changed.size === 0) return present(taken.owners);
  const mine = taken.owners.find((owner) => isOwner(owner, id));
  const next = { ...ownerOf(id), time: by.now, fields: union(mine?.fields ?? NO_FIELDS, changed) };
  return present([...taken.owners.filter((owner) => owner !== mine), next]);
}

/** Takes away what the applier applied before, does not apply now, and nobody else owns. */
function pruned(merged: Fields, owners: readonly Owner[], last: Owner | undefined, by: Writer): Fields {
  if (last === undefined || last.fields.size === 0) return merged;
  const schema = by.schemaOf(last.apiVersion);
  const lastFields = withDeclared(schema, merged, last.fields);
  let left = without(schema, merged, lastFields) ?? {};
  for (const version of new Set([last.apiVersion, ...owners.map(({ apiVersion }) => apiVersion)])) {
    const at = by.schemaOf(version);
    const managed = owners
      .filter(({ apiVersion }) => apiVersion === version)
      .reduce((fields, owner) => union(fields, owner.fields), NO_FIELDS);
    const kept = union(declaredFieldsOf(at, left), withDeclared(at, merged, managed));
    left = without(at, merged, difference(declaredFieldsOf(at, merged), kept)) ?? {};
  }
  const gone = difference(declaredFieldsOf(schema, merged), declaredFieldsOf(schema, left));
  return (without(schema, merged, intersection(gone, lastFields)) ?? {}) as Fields;
}

function declaredFieldsOf(schema: Schema, value: unknown): FieldSet {
  return withDeclared(schema, value, fieldsOf(schema, value));
}

/** Others lose what changes under them. */
function takenFromOthers(
  { live, object, except }: { readonly live: Fields; readonly object: Fields; readonly except?: Owner },
  owners: readonly Owner[],
  by: Writer,
): { readonly owners: readonly Owner[]; readonly conflicts: readonly Conflict[] } {
  const conflicts: Conflict[] = [];
  const left = owners.map((owner) => {
    if (owner === except) return owner;
    const { added, modified, removed } = changes(live, object, owner.apiVersion, by);
    const lost = intersection(owner.fields, union(added, modified));
    for (const path of lost) conflicts.push({ owner, path });
    return { ...owner, fields: difference(difference(owner.fields, lost), removed) };
  });
  return { owners: left, conflicts };
}

function changes(live: Fields, object: Fields, apiVersion: string, by: Writer): Comparison {
  const { added, modified, removed } = compare(by.schemaOf(apiVersion), live, object);
  return { added: written(added, by), modified: written(modified, by), removed: written(removed, by) };
}

function written(fields: FieldSet, by: Writer): FieldSet {
  return filtered(fields, (path) => !by.ignored.includes(rootOf(path)));
}

type OwnerId = Pick<Owner, 'manager' | 'operation' | 'subresource' | 'apiVersion'>;

/** An applier is the same through all versions of the API. */
function isOwner(owner: Owner, id: OwnerId): boolean {
  return (
    owner.manager === id.manager &&
    owner.operation === id.operation &&
    owner.subresource === id.subresource &&
    (id.operation === 'Apply' || owner.apiVersion === id.apiVersion)
  );
}

function ownerOf({ manager, operation, subresource, apiVersion }: OwnerId): OwnerId {
  return { manager, operation, subresource, apiVersion };
}

function present(owners: readonly Owner[]): readonly Owner[] {
  return owners.filter(({ fields }) => fields.size > 0);
}
