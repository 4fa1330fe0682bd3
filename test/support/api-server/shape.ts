import { isFields } from './json.ts';

/** The parts of an OpenAPI schema that the fake reads. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

/** How server-side apply sees a value: what of it has an owner of its own. */
export type Shape =
  | { readonly kind: 'leaf' }
  | {
      readonly kind: 'map';
      /** Schemas of the declared fields. */
      readonly declared: Readonly<Record<string, Schema>>;
      /** Schema of all others; absent where others must not be. */
      readonly others: Schema | undefined;
    }
  | { readonly kind: 'set' }
  | { readonly kind: 'listMap'; readonly keys: readonly string[]; readonly items: Schema };

/** Anything goes: its shape is that of the value. */
export const UNTYPED: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

/** The shape of a value by its schema. A value that is not of the type of its schema counts as a leaf. */
export function shapeOf(schema: Schema, value: unknown): Shape {
  if (isFields(value)) return shapeOfMap(schema);
  if (!Array.isArray(value)) return { kind: 'leaf' };
  const items = schema.items ?? UNTYPED;
  const type = schema['x-kubernetes-list-type'] ?? 'atomic';
  if (type === 'set') return { kind: 'set' };
  return type === 'map'
    ? { kind: 'listMap', keys: schema['x-kubernetes-list-map-keys'] ?? [], items }
    : { kind: 'leaf' };
}

function shapeOfMap(schema: Schema): Shape {
  if (schema['x-kubernetes-map-type'] === 'atomic') return { kind: 'leaf' };
  const { additionalProperties: others, properties: declared = {} } = schema;
  if (isFields(others)) return { kind: 'map', declared, others };
  const keepsAll = schema['x-kubernetes-preserve-unknown-fields'] === true || others === true;
  return { kind: 'map', declared, others: keepsAll ? UNTYPED : undefined };
}

/** The schema of a field; absent where there must be none. */
export function fieldSchema(shape: Shape & { readonly kind: 'map' }, name: string): Schema | undefined {
  return Object.hasOwn(shape.declared, name) ? shape.declared[name] : shape.others;
}
