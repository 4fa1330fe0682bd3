import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';

/** The parts of an OpenAPI v3 schema that the tests look at. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly default?: unknown;
  readonly 'x-kubernetes-validations'?: readonly {
    readonly rule: string;
    readonly message: string;
    readonly messageExpression?: string;
  }[];
}

export const KINDS = ['InstanceStorage', 'TeamStorage'] as const;
export type Kind = (typeof KINDS)[number];

function fileOf(kind: Kind): string {
  return `crds/storage.wandb.com_${kind.toLowerCase()}s.yaml`;
}

/** Size of a CRD's file in bytes. */
export function bytesOf(kind: Kind): number {
  return statSync(fileOf(kind)).size;
}

/** The schema of a kind, as the file has it. */
export function schemaOf(kind: Kind): Schema {
  const crd = parse(readFileSync(fileOf(kind), 'utf8')) as {
    readonly spec: { readonly versions: readonly [{ readonly schema: { readonly openAPIV3Schema: Schema } }] };
  };
  return crd.spec.versions[0].schema.openAPIV3Schema;
}

/** Every place of a schema with its path as the API server names it: `spec.bucket.path`, `spec.fileStores.variables[]`. */
export function* places(schema: Schema, path = ''): Generator<{ readonly path: string; readonly schema: Schema }> {
  yield { path, schema };
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    yield* places(child, path === '' ? name : `${path}.${name}`);
  }
  if (schema.items !== undefined) yield* places(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object') yield* places(schema.additionalProperties, `${path}{}`);
}
