import type { Schema } from '../../crds/crd-files.ts';
import { textsOf } from './texts.ts';

/** A value of a field, and which one of its schema it is. */
export interface Value {
  readonly what: string;
  readonly value: unknown;
}

/** Where values come from beside the schema. */
export interface Draw {
  /** A failure can be had again with it. */
  readonly seed: number;
  /** Values that lead to something that is there, such as the name of a Secret, by the steps to the field. */
  known(path: string): readonly string[];
}

/** A place in a schema: `at` has the steps to it, with dots between. */
export interface Place {
  readonly schema: Schema;
  readonly at: string;
}

/** Values that a schema allows, as far as it tells: each of an enum, both of a flag, the bounds, and some between. */
export function valuesOf(place: Place, draw: Draw): readonly Value[] {
  const { schema } = place;
  if (schema.enum !== undefined) return schema.enum.map((value) => ({ what: value, value }));
  switch (schema.type) {
    case 'boolean':
      return [true, false].map((value) => ({ what: String(value), value }));
    case 'integer':
    case 'number':
      return numbersOf(schema);
    case 'string':
      return [...draw.known(place.at).map((value) => ({ what: 'known', value })), ...textValues(schema, draw)];
    case 'array':
      return listsOf(place, draw);
    case 'object':
      return objectsOf(place, draw);
    default:
      throw new Error(`no values are known for ${JSON.stringify(schema)}: add them`);
  }
}

/** The least that a schema allows: required fields alone. */
export function least(place: Place, draw: Draw): unknown {
  const { schema } = place;
  if (schema.type !== 'object') return valuesOf(place, draw)[0]?.value;
  return Object.fromEntries((schema.required ?? []).map((name) => [name, least(childOf(place, name), draw)]));
}

/** The place of a property, of the items (`[]`) or of the values of a map (`{}`). */
export function childOf({ schema, at }: Place, step: string): Place {
  const child = step === '[]' ? schema.items : step === '{}' ? schema.additionalProperties : schema.properties?.[step];
  if (typeof child !== 'object') throw new Error(`the schema has no ${step} in ${at}`);
  return { schema: child, at: at === '' ? step : `${at}.${step}` };
}

function numbersOf({ minimum = -1_000_000, maximum = 1_000_000 }: Schema): readonly Value[] {
  return [
    { what: 'least', value: minimum },
    { what: 'between', value: Math.floor((minimum + maximum) / 2) },
    { what: 'most', value: maximum },
  ];
}

function textValues(schema: Schema, { seed }: Draw): readonly Value[] {
  if (schema.format !== undefined) throw new Error(`no texts are known for the format ${schema.format}: add them`);
  const { shortest, some, longest } = textsOf(schema, seed);
  return [
    { what: 'shortest', value: shortest },
    ...some.map((value, index) => ({ what: `some ${index + 1}`, value })),
    ...(longest === undefined ? [] : [{ what: 'longest', value: longest }]),
  ];
}

/** Of different items. */
function listsOf(place: Place, draw: Draw): readonly Value[] {
  const { minItems = 0, maxItems = 3 } = place.schema;
  const items = manyOf(childOf(place, '[]'), maxItems, draw);
  return [...new Set([minItems, 1, items.length])].map((count) => ({
    what: `${count} items`,
    value: items.slice(0, count),
  }));
}

function objectsOf(place: Place, draw: Draw): readonly Value[] {
  const { additionalProperties, maxProperties = 3, properties, required = [] } = place.schema;
  if (typeof additionalProperties === 'object') {
    const all = manyOf(childOf(place, '{}'), maxProperties, draw);
    const keys = all.map((value, index) => [`key-${index}`, value] as const);
    return [0, 1, keys.length].map((count) => ({
      what: `${count} keys`,
      value: Object.fromEntries(keys.slice(0, count)),
    }));
  }
  const bare = least(place, draw) as Readonly<Record<string, unknown>>;
  const optional = Object.keys(properties ?? {}).filter((name) => !required.includes(name));
  return [
    { what: 'bare', value: bare },
    ...optional.map((name) => ({
      what: `with ${name}`,
      value: { ...bare, [name]: least(childOf(place, name), draw) },
    })),
  ];
}

/** So many different values, or as many as there are. */
function manyOf(place: Place, count: number, draw: Draw): readonly unknown[] {
  const own = [...new Set(valuesOf(place, draw).map(({ value }) => value))];
  if (own.length >= count || place.schema.enum !== undefined || place.schema.type !== 'string')
    return own.slice(0, count);
  const stem = own.find((value): value is string => typeof value === 'string' && value !== '') ?? 'item';
  const more = Array.from({ length: count - own.length }, (_, index) => `${stem}${'0'.repeat(index + 1)}`);
  return [...new Set([...own, ...more])];
}
