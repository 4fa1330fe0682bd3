import { isDeepStrictEqual } from '../../base/deep-equal.ts';
import { stringify } from 'yaml';
import {
  isWithin,
  ownedPaths,
  ownersOf,
  pathText,
  type FieldPath,
  type ManagedFieldsEntry,
} from '../../api/managed-fields.ts';
import type { ServerConfig } from '../publication/server-config.ts';
import {
  environmentV2,
  fieldsV1,
  objectStoreV2,
  refersTo,
  V2_ENV_PATH,
  V2_STORE_PATH,
  type EnvVar,
  type WandbVersion,
} from './wandb-fields.ts';

/** The present `WeightsAndBiases`; `spec` is untrusted. */
export interface WandbObject {
  readonly metadata: { readonly managedFields?: readonly ManagedFieldsEntry[] };
  readonly spec?: unknown;
}

/** A field that belongs to another manager, and the value that its owner would have to set. */
export interface BlockedField {
  readonly field: string;
  readonly managers: readonly string[];
  /** One line of YAML; absent if the field must be removed. */
  readonly paste?: string;
}

/** What to do with one `WeightsAndBiases`. */
export type DeliveryPlan =
  /** It has the wanted values, no matter which manager set them. */
  | { readonly kind: 'InPlace' }
  /** To be applied without force: `fields` is the whole manifest of the operator, except metadata. */
  | { readonly kind: 'Apply'; readonly fields: Readonly<Record<string, unknown>>; readonly thenRelease: boolean }
  /** Fields belong to other managers, so nothing is changed. */
  | { readonly kind: 'Blocked'; readonly fields: readonly BlockedField[] };

/** The wanted content of an object, and the manager that owns the operator's fields in it. */
export interface DeliveryAim {
  readonly version: WandbVersion;
  /** Absent: the operator's fields are to be removed. */
  readonly config: ServerConfig | undefined;
  /** Name of the Secret and ConfigMap. References to them belong to the operator. */
  readonly outputName: string;
  readonly manager: string;
}

/**
 * Plans the change of one object. Only leaf fields are applied, never with force: a field with another shape or another
 * owner blocks the whole change, so that the server never gets a part of a config.
 */
export function planDelivery(object: WandbObject, aim: DeliveryAim): DeliveryPlan {
  const entries = object.metadata.managedFields ?? [];
  const list = aim.version === 'v2' ? planList(object, aim) : { kind: 'Absent' as const };
  if (list.kind === 'Blocked') return { kind: 'Blocked', fields: [list.field] };
  const fields = withList(wantedFields(aim), list);
  const wanted = leavesOf(fields, []);
  const conflicting = [...wanted.flatMap(({ path }) => shapeConflict(object, path)), ...managedStore(object, aim)];
  if (conflicting.length > 0)
    return { kind: 'Blocked', fields: blockedFields(conflicting, fields, { entries, manager: aim.manager }) };
  const owned = ownedPaths(entries, aim.manager);
  const isStale = (path: FieldPath): boolean =>
    !wanted.some((leaf) => isWithin(leaf.path, path) || isWithin(path, leaf.path));
  const holds = wanted.every(({ path, value }) => isDeepStrictEqual(valueAt(object, path), value));
  if (holds && !owned.some(isStale)) {
    // Only entries of others remain, so the operator gives up its ownership of the list, too.
    return list.kind === 'Foreign' && owned.length > 0 ? { kind: 'Apply', fields, thenRelease: true } : IN_PLACE;
  }
  return { kind: 'Apply', fields, thenRelease: list.kind === 'Foreign' };
}

/** Explains a refusal by the API server: which wanted fields belong to other managers, and the values to set there. */
export function blockedByServer(
  conflicts: readonly { readonly manager: string; readonly field: string }[],
  fields: Readonly<Record<string, unknown>>,
): readonly BlockedField[] {
  const byField = Map.groupBy(conflicts, ({ field }) => field.replace(/^\./, ''));
  return [...byField].map(([field, all]) => {
    const value = valueAt(fields, field.split('.'));
    return {
      field,
      managers: [...new Set(all.map(({ manager }) => manager))].sort(),
      ...(value !== undefined && { paste: oneLine(value) }),
    };
  });
}

const IN_PLACE = { kind: 'InPlace' } as const;

type ListPlan =
  /**
   * The list is not part of the manifest: nothing is wanted in it, or other managers own it and it has the wanted
   * entries.
   */
  | { readonly kind: 'Absent' }
  /** The list in the manifest, as it is wanted. */
  | { readonly kind: 'Ours'; readonly env: readonly EnvVar[] }
  /** The operator owns the list, and only entries of others remain in it. */
  | { readonly kind: 'Foreign'; readonly env: readonly EnvVar[] }
  | { readonly kind: 'Blocked'; readonly field: BlockedField };

interface EnvironmentList {
  readonly present: readonly EnvVar[];
  /** Entries that do not refer to the outputs. */
  readonly foreign: readonly EnvVar[];
  readonly ownedByUs: boolean;
  /** Other managers that own the list. */
  readonly others: readonly string[];
}

function environmentListOf(object: WandbObject, aim: DeliveryAim): EnvironmentList {
  const entries = object.metadata.managedFields ?? [];
  const found = valueAt(object, V2_ENV_PATH);
  const present = Array.isArray(found) ? (found as readonly EnvVar[]) : [];
  return {
    present,
    foreign: present.filter((entry) => !refersTo(entry, aim.outputName)),
    ownedByUs: ownedPaths(entries, aim.manager).some((path) => isWithin(path, V2_ENV_PATH)),
    others: ownersOf(entries, V2_ENV_PATH, aim.manager),
  };
}

/**
 * The list of environment variables in v2 is atomic. The operator applies the whole list, and only if no other manager
 * owns it.
 */
function planList(object: WandbObject, aim: DeliveryAim): ListPlan {
  const list = environmentListOf(object, aim);
  const { present, foreign, ownedByUs, others } = list;
  // If other managers own the list as well, removing the entries is left to them.
  if (aim.config === undefined) return ownedByUs && others.length === 0 ? withOnly(foreign) : { kind: 'Absent' };
  const wanted = environmentV2(aim.config);
  if (holdsList(present, wanted, aim.outputName)) {
    if (!ownedByUs) return { kind: 'Absent' };
    return wanted.length === 0 ? withOnly(foreign) : { kind: 'Ours', env: present };
  }
  const isTaken = wanted.some(({ name }) => foreign.some((entry) => entry.name === name));
  if (others.length > 0 || isTaken) return { kind: 'Blocked', field: listBlocked(wanted, list) };
  return wanted.length === 0 ? withOnly(foreign) : { kind: 'Ours', env: [...foreign, ...wanted] };
}

function withOnly(foreign: readonly EnvVar[]): ListPlan {
  return foreign.length === 0 ? { kind: 'Absent' } : { kind: 'Foreign', env: foreign };
}

/** Whether the list has each wanted entry, and no other that refers to the outputs. */
function holdsList(present: readonly EnvVar[], wanted: readonly EnvVar[], outputName: string): boolean {
  const named = (name: string): EnvVar | undefined => present.find((entry) => entry.name === name);
  return (
    wanted.every((entry) => isDeepStrictEqual(withoutOptional(named(entry.name)), entry)) &&
    present.every((entry) => !refersTo(entry, outputName) || wanted.some(({ name }) => name === entry.name))
  );
}

function listBlocked(wanted: readonly EnvVar[], { present, foreign, others }: EnvironmentList): BlockedField {
  const stale = present
    .filter((entry) => !foreign.includes(entry) && !wanted.some(({ name }) => name === entry.name))
    .map(({ name }) => name);
  const field = pathText(V2_ENV_PATH) + (stale.length > 0 ? ` (to remove: ${stale.join(', ')})` : '');
  return { field, managers: others, ...(wanted.length > 0 && { paste: oneLine(wanted) }) };
}

function wantedFields({ version, config }: DeliveryAim): Readonly<Record<string, unknown>> {
  if (config === undefined) return {};
  if (version === 'v1') return fieldsV1(config);
  const store = objectStoreV2(config);
  return Object.keys(store).length === 0 ? {} : { spec: store };
}

function withList(fields: Readonly<Record<string, unknown>>, list: ListPlan): Readonly<Record<string, unknown>> {
  if (list.kind !== 'Ours' && list.kind !== 'Foreign') return fields;
  const spec = (fields['spec'] ?? {}) as Readonly<Record<string, unknown>>;
  return { spec: { ...spec, wandb: { legacyOverrides: { global: { env: list.env } } } } };
}

/** v2 prefers a store that it manages itself to any other: the delivered store would be written and not used. */
function managedStore(object: WandbObject, { version, config }: DeliveryAim): readonly FieldPath[] {
  const path = [...V2_STORE_PATH, 'managedObjectStore'];
  const wants = version === 'v2' && config !== undefined && config.objectStoreKeys.length > 0;
  return wants && valueAt(object, path) !== undefined ? [path] : [];
}

/**
 * Where a value has another type than the field needs, such as text instead of an object. The API server would take the
 * applied field for a new one and replace the value without a conflict.
 */
function shapeConflict(object: WandbObject, path: FieldPath): readonly FieldPath[] {
  for (let length = 1; length < path.length; length += 1) {
    const outer = path.slice(0, length);
    const found = valueAt(object, outer);
    if (found === undefined || found === null) return [];
    if (!isObject(found)) return [outer];
  }
  return isObject(valueAt(object, path)) ? [path] : [];
}

function blockedFields(
  paths: readonly FieldPath[],
  fields: Readonly<Record<string, unknown>>,
  at: { readonly entries: readonly ManagedFieldsEntry[]; readonly manager: string },
): readonly BlockedField[] {
  const byField = new Map(paths.map((path) => [pathText(path), path]));
  return [...byField].map(([field, path]) => {
    const value = valueAt(fields, path);
    const managers = ownersOf(at.entries, path, at.manager);
    return { field, managers, ...(value !== undefined && { paste: oneLine(value) }) };
  });
}

interface Leaf {
  readonly path: FieldPath;
  readonly value: unknown;
}

/** Scalars and lists, which server-side apply sets one by one. */
function leavesOf(value: unknown, path: FieldPath): readonly Leaf[] {
  if (!isObject(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]));
}

function valueAt(object: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), object);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `optional` in a reference is left to the owner of the entry. */
function withoutOptional(entry: EnvVar | undefined): unknown {
  if (!isObject(entry?.valueFrom)) return entry;
  const valueFrom = Object.fromEntries(
    Object.entries(entry.valueFrom).map(([kind, reference]) => [
      kind,
      isObject(reference) ? bare(reference) : reference,
    ]),
  );
  return { ...entry, valueFrom };
}

function bare(reference: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(reference).filter(([name]) => name !== 'optional'));
}

function oneLine(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
}
