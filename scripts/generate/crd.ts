import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CATALOGUE } from '../../src/checks/catalogue.ts';

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
  /** The content that the file should have: with every check that may be ignored. */
  readonly text: string;
  readonly schema: Schema;
}

export const CRD_FILES = [
  'crds/storage.wandb.com_instancestorages.yaml',
  'crds/storage.wandb.com_teamstorages.yaml',
] as const;

/** Reads a CRD of this project. */
export function readCrd(file: string): Crd {
  const text = withIgnorableChecks(readFileSync(file, 'utf8'));
  const crd = parse(text) as {
    spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
  };
  const schema = crd.spec.versions[0]?.schema.openAPIV3Schema;
  if (schema === undefined) throw new Error(`${file} has no version`);
  return { kind: crd.spec.names.kind, file, text, schema };
}

/** Sets the names in `spec.validation.ignore` to those of the catalogue; existing names keep their order. */
function withIgnorableChecks(text: string): string {
  const ignorable = CATALOGUE.filter((check) => check.ignorable !== false).map(({ name }) => name as string);
  const list = /^( +)description: Name of a check, as in status\.checks\.\n\1enum:\n((?:\1 {2}- \w+\n)+)/m;
  return text.replace(list, (block, indent: string, items: string) => {
    const present = [...items.matchAll(/- (\w+)/g)].map(([, name = '']) => name);
    const names = [
      ...present.filter((name) => ignorable.includes(name)),
      ...ignorable.filter((name) => !present.includes(name)),
    ];
    return block.replace(items, names.map((name) => `${indent}  - ${name}\n`).join(''));
  });
}
