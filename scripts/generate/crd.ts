import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The parts of a JSON schema that CRDs use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message: string }[];
}

export interface Crd {
  readonly kind: string;
  readonly file: string;
  readonly schema: Schema;
}

export const CRD_FILES = [
  'crds/storage.wandb.com_instancestorages.yaml',
  'crds/storage.wandb.com_teamstorages.yaml',
] as const;

/** Reads a CRD of this project. */
export function readCrd(file: string): Crd {
  const crd = parse(readFileSync(file, 'utf8')) as {
    spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
  };
  const schema = crd.spec.versions[0]?.schema.openAPIV3Schema;
  if (schema === undefined) throw new Error(`${file} has no version`);
  return { kind: crd.spec.names.kind, file, schema };
}
