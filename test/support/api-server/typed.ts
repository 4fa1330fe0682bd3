import { fieldElement, itemElement, ROOT, under, withParents, type FieldSet } from './field-set.ts';
import { fieldsIn, isFields, sameJson } from './json.ts';
import { mergedOrder } from './list-order.ts';
import { fieldSchema, shapeOf, UNTYPED, type Schema, type Shape } from './shape.ts';

/** What a value holds that can have an owner: a field or an item, its schema and whether it is declared by name. */
interface Part {
  readonly element: string;
  readonly value: unknown;
  readonly schema: Schema;
  readonly declared: boolean;
}

/** The parts that have owners of their own; `undefined` for a leaf. */
function partsOf(shape: Shape, value: unknown): readonly Part[] | undefined {
  switch (shape.kind) {
    case 'leaf':
      return undefined;
    case 'map':
      return Object.entries(fieldsIn(value)).map(([name, field]) => ({
        element: fieldElement(name),
        value: field,
        schema: fieldSchema(shape, name) ?? UNTYPED,
        declared: Object.hasOwn(shape.declared, name),
      }));
    case 'set':
      return itemsOf(value).map((item) => ({ element: itemElement(item), value: item, schema: {}, declared: false }));
    case 'listMap':
      return itemsOf(value).map((item) => ({
        element: itemElement(item, shape.keys),
        value: item,
        schema: shape.items,
        declared: false,
      }));
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** All fields of a value, as its applier owns them (`TypedValue.ToFieldSet`). */
export function fieldsOf(schema: Schema, value: unknown): FieldSet {
  const set = new Set<string>();
  const walk = (path: string, at: Schema, held: unknown): void => {
    const parts = partsOf(shapeOf(at, held), held);
    if (parts === undefined) set.add(path);
    for (const part of parts ?? []) {
      const below = under(path, part.element);
      walk(below, part.schema, part.value);
      // A struct's field that is a map belongs to whoever has something in it.
      if (!part.declared || (isFields(part.value) && Object.keys(part.value).length === 0)) set.add(below);
    }
  };
  walk(ROOT, schema, value);
  return set;
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** What changed between two values (`TypedValue.Compare`): containers count where they come or go. */
export function compare(schema: Schema, before: unknown, after: unknown): Comparison {
  const result = { added: new Set<string>(), modified: new Set<string>(), removed: new Set<string>() };
  const walk = (path: string, at: Schema, left: unknown, right: unknown): void => {
    if (path !== ROOT && left === undefined) result.added.add(path);
    if (path !== ROOT && right === undefined) result.removed.add(path);
    const parts = pairsOf(at, left, right);
    if (parts === undefined && !sameJson(left, right)) result.modified.add(path);
    for (const { element, schema: below, values } of parts ?? []) walk(under(path, element), below, ...values);
  };
  walk(ROOT, schema, before, after);
  return result;
}

/** The parts of two values side by side; `undefined` where both are there and one is a leaf. */
function pairsOf(schema: Schema, left: unknown, right: unknown) {
  const lefts = left === undefined ? [] : partsOf(shapeOf(schema, left), left);
  const rights = right === undefined ? [] : partsOf(shapeOf(schema, right), right);
  if ((lefts === undefined || rights === undefined) && left !== undefined && right !== undefined) return undefined;
  const later = new Map((rights ?? []).map((part) => [part.element, part]));
  const earlier = new Map((lefts ?? []).map((part) => [part.element, part]));
  return [...new Map([...earlier, ...later]).values()].map((part) => ({
    element: part.element,
    schema: part.schema,
    values: [earlier.get(part.element)?.value, later.get(part.element)?.value] as const,
  }));
}

/** The live value with an applied one laid over it (`TypedValue.Merge`). */
export function merge(schema: Schema, live: unknown, applied: unknown): unknown {
  if (live === undefined || applied === undefined) return applied ?? live;
  const shape = shapeOf(schema, applied);
  const lefts = partsOf(shapeOf(schema, live), live);
  const rights = partsOf(shape, applied);
  if (lefts === undefined || rights === undefined) return applied;
  const over = new Map(rights.map((part) => [part.element, part]));
  const merged = new Map(
    lefts.map((part) => [part.element, merge(part.schema, part.value, over.get(part.element)?.value)]),
  );
  for (const part of rights) if (!merged.has(part.element)) merged.set(part.element, part.value);
  if (shape.kind === 'map') return Object.fromEntries([...merged].map(([element, item]) => [element.slice(2), item]));
  return mergedOrder(
    lefts.map(({ element }) => element),
    rights.map(({ element }) => element),
  ).map((element) => merged.get(element));
}

/** The value without some fields (`TypedValue.RemoveItems`). A container that becomes empty goes as well. */
export function without(schema: Schema, value: unknown, gone: FieldSet): unknown {
  const touched = withParents(gone);
  const walk = (path: string, at: Schema, held: unknown): unknown => {
    const shape = shapeOf(at, held);
    const left = (partsOf(shape, held) ?? []).flatMap(({ element, value: part, schema: below }) => {
      const inside = under(path, element);
      if (gone.has(inside)) return [];
      const kept = touched.has(inside) ? walk(inside, below, part) : part;
      return kept === undefined ? [] : [[element, kept] as const];
    });
    if (left.length === 0) return undefined;
    return shape.kind === 'map'
      ? Object.fromEntries(left.map(([element, kept]) => [element.slice(2), kept]))
      : left.map(([, kept]) => kept);
  };
  return gone.size === 0 ? value : walk(ROOT, schema, value);
}

/** The set with the declared fields on the way to its members (`Set.EnsureNamedFieldsAreMembers`). */
export function withDeclared(schema: Schema, value: unknown, set: FieldSet): FieldSet {
  const touched = withParents(set);
  const all = new Set(set);
  const walk = (path: string, at: Schema, held: unknown): void => {
    for (const part of partsOf(shapeOf(at, held), held) ?? []) {
      const inside = under(path, part.element);
      if (!touched.has(inside)) continue;
      if (part.declared) all.add(inside);
      walk(inside, part.schema, part.value);
    }
  };
  walk(ROOT, schema, value);
  return all;
}
