import { fieldsIn, isFields, sameJson } from './json.ts';
import type { Schema } from './shape.ts';

/**
 * What of a value its schema forbids, each as `field: why`: the subset of
 * OpenAPI that our CRDs use. Rules in CEL are not run, and what was wrong
 * before a write is not forgiven (the server's ratcheting).
 */
export function violations(schema: Schema, value: unknown, at = ''): readonly string[] {
  if (value === undefined || (value === null && schema.nullable === true)) return [];
  const expected = schema.type;
  if (expected !== undefined && !isOfType(expected, value)) {
    return [`${at}: Invalid value: must be of type ${expected}`];
  }
  const own = [...boundsBroken(schema, value)].map((why) => `${at}: ${why}`);
  return [...own, ...(expected === 'array' ? ofItems(schema, value, at) : ofFields(schema, value, at))];
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isFields(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function* boundsBroken(schema: Schema, value: unknown): Generator<string> {
  if (schema.enum?.some((allowed) => sameJson(allowed, value)) === false) {
    yield `Unsupported value: ${JSON.stringify(value)}`;
  }
  if (typeof value === 'string') yield* textBroken(schema, value);
  if (typeof value === 'number') yield* numberBroken(schema, value);
  if (Array.isArray(value)) yield* countBroken(value.length, schema.minItems, schema.maxItems);
  if (isFields(value)) yield* countBroken(Object.keys(value).length, 0, schema.maxProperties);
}

function* numberBroken({ minimum = -Infinity, maximum = Infinity }: Schema, value: number): Generator<string> {
  if (value < minimum) yield `Invalid value: should be greater than or equal to ${String(minimum)}`;
  if (value > maximum) yield `Invalid value: should be less than or equal to ${String(maximum)}`;
}

function* countBroken(count: number, least = 0, most = Infinity): Generator<string> {
  if (count < least) yield `Invalid value: should have at least ${String(least)} items`;
  if (count > most) yield `Too many: must have at most ${String(most)} items`;
}

function* textBroken(
  { minLength = 0, maxLength = Infinity, pattern, format }: Schema,
  value: string,
): Generator<string> {
  // Characters, as the server counts them.
  const length = value.length <= minLength || value.length > maxLength ? Array.from(value).length : value.length;
  if (length > maxLength) yield `Too long: may not be more than ${String(maxLength)} bytes`;
  if (length < minLength) yield `Invalid value: should be at least ${String(minLength)} chars long`;
  if (pattern !== undefined && !patternOf(pattern).test(value)) {
    yield `Invalid value: should match '${pattern}'`;
  }
  if (format === 'date-time' && Number.isNaN(Date.parse(value))) yield 'Invalid value: must be of type date-time';
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

function ofFields(schema: Schema, value: unknown, at: string): readonly string[] {
  const fields = fieldsIn(value);
  const missing = (schema.required ?? []).filter((name) => fields[name] === undefined);
  return [
    ...missing.map((name) => `${inside(at, name)}: Required value`),
    ...Object.entries(fields).flatMap(([name, field]) => {
      const declared = schema.properties?.[name];
      if (declared !== undefined) return violations(declared, field, inside(at, name));
      const others = schema.additionalProperties;
      return isFields(others) ? violations(others, field, `${at}[${name}]`) : [];
    }),
  ];
}

function ofItems(schema: Schema, value: unknown, at: string): readonly string[] {
  const items = value as readonly unknown[];
  const keys = schema['x-kubernetes-list-map-keys'];
  const identities = items.map((item) => JSON.stringify(keys?.map((key) => fieldsIn(item)[key]) ?? item));
  const isDistinct = ['set', 'map'].includes(schema['x-kubernetes-list-type'] ?? 'atomic');
  return items.flatMap((item, index) => [
    ...(isDistinct && identities.indexOf(identities[index] ?? '') < index
      ? [`${at}[${String(index)}]: Duplicate value: ${identities[index] ?? ''}`]
      : []),
    ...violations(schema.items ?? {}, item, `${at}[${String(index)}]`),
  ]);
}

function inside(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

/** The value without the fields that its schema does not know. */
export function known(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item) => known(schema.items ?? {}, item));
  if (!isFields(value) || isOpen(schema)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      const declared =
        schema.properties?.[name] ?? (isFields(schema.additionalProperties) ? schema.additionalProperties : undefined);
      if (declared === undefined) return schema['x-kubernetes-preserve-unknown-fields'] === true ? [[name, field]] : [];
      return [[name, known(declared, field)]];
    }),
  );
}

function isOpen(schema: Schema): boolean {
  return (
    schema.properties === undefined &&
    !isFields(schema.additionalProperties) &&
    schema['x-kubernetes-preserve-unknown-fields'] === true
  );
}

/** The value with the defaults of its schema. */
export function withDefaults(schema: Schema, value: unknown): unknown {
  if (!isFields(value)) return value;
  const changed: Record<string, unknown> = {};
  let isChanged = false;
  for (const [name, declared] of Object.entries(schema.properties ?? {})) {
    const held = value[name] ?? declared.default;
    if (held === undefined) continue;
    const filled = withDefaults(declared, held);
    if (filled === value[name]) continue;
    changed[name] = filled;
    isChanged = true;
  }
  return isChanged ? { ...value, ...changed } : value;
}
