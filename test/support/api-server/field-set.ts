import { canonical, isFields } from './json.ts';

/**
 * A set of fields. A field is the way to it: the elements of `fieldsV1`
 * (`f:name`, `k:{"type":"Ready"}`, `v:"x"`) joined by a character that no
 * element holds.
 */
export type FieldSet = ReadonlySet<string>;

const JOINT = '\u0000';
export const ROOT = '';
export const NO_FIELDS: FieldSet = new Set();

export function under(path: string, element: string): string {
  return path === ROOT ? element : path + JOINT + element;
}

export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** An item of a list by its keys; of a set by itself. */
export function itemElement(item: unknown, keys?: readonly string[]): string {
  if (keys === undefined) return `v:${JSON.stringify(item)}`;
  const fields = isFields(item) ? item : {};
  return `k:${canonical(Object.fromEntries(keys.map((key) => [key, fields[key]])))}`;
}

/** The name of the outermost field. */
export function rootOf(path: string): string {
  return path.split(JOINT, 1)[0]?.slice(2) ?? '';
}

/** All fields that the set lies in or below. */
export function withParents(set: FieldSet): FieldSet {
  const all = new Set(set);
  for (const path of set) {
    for (let end = path.lastIndexOf(JOINT); end > 0; end = path.lastIndexOf(JOINT, end - 1))
      all.add(path.slice(0, end));
  }
  return all;
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  return new Set([...left, ...right]);
}

export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return filtered(left, (path) => !right.has(path));
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return filtered(left, (path) => right.has(path));
}

export function filtered(set: FieldSet, keep: (path: string) => boolean): FieldSet {
  return new Set([...set].filter(keep));
}

interface Node {
  [element: string]: Node;
}

/** As `metadata.managedFields` holds it: a member that has members below it is marked by `.`. */
export function toFieldsV1(set: FieldSet): unknown {
  const root: Node = {};
  const parents = withParents(set);
  for (const path of [...parents].sort()) {
    let node = root;
    for (const element of path.split(JOINT)) node = node[element] ??= {};
  }
  for (const path of set) {
    const node = path.split(JOINT).reduce<Node>((at, element) => at[element] ?? {}, root);
    if (Object.keys(node).length > 0) node['.'] = {};
  }
  return root;
}

export function fromFieldsV1(fields: unknown, path = ROOT): FieldSet {
  const below = isFields(fields) ? Object.entries(fields) : [];
  const set = new Set<string>();
  if (path !== ROOT && (below.length === 0 || below.some(([element]) => element === '.'))) set.add(path);
  for (const [element, value] of below) {
    if (element === '.') continue;
    const read = /^[kv]:/.test(element) ? element.slice(0, 2) + canonical(JSON.parse(element.slice(2))) : element;
    for (const each of fromFieldsV1(value, under(path, read))) set.add(each);
  }
  return set;
}

/** As messages name a field: `.status.conditions[type="Ready"].reason`. */
export function fieldText(path: string): string {
  return path.split(JOINT).map(elementText).join('');
}

function elementText(element: string): string {
  if (element.startsWith('f:')) return `.${element.slice(2)}`;
  if (element.startsWith('v:')) return `[=${element.slice(2)}]`;
  const keys = JSON.parse(element.slice(2)) as Readonly<Record<string, unknown>>;
  const texts = Object.entries(keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${texts.join(',')}]`;
}
