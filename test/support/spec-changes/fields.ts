import { KINDS, places, schemaOf, type Kind, type Schema } from '../../crds/crd-files.ts';

/** A field of a spec: `spec.bucket.path`, `spec.fileStores.variables[]`. */
export interface Field {
  readonly kind: Kind;
  readonly path: string;
  /** Below `spec`: names, `[]` for an item and `{}` for a value of a map. */
  readonly steps: readonly string[];
  readonly schema: Schema;
  /** It holds no other fields. */
  readonly isLeaf: boolean;
}

/** Every field of the spec of a kind, from the CRD itself: a new one is among them. */
export function fieldsOf(kind: Kind): readonly Field[] {
  return [...places(specSchema(kind), 'spec')].slice(1).map(({ path, schema }) => ({
    kind,
    path,
    steps: path.replace('spec.', '').replaceAll('[]', '.[]').replaceAll('{}', '.{}').split('.'),
    schema,
    isLeaf: schema.properties === undefined,
  }));
}

const schemas = new Map(KINDS.map((kind) => [kind, schemaOf(kind).properties?.['spec']]));

export function specSchema(kind: Kind): Schema {
  const schema = schemas.get(kind);
  if (schema === undefined) throw new Error(`${kind} has no spec`);
  return schema;
}
