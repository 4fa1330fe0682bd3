import { without } from '../../src/base/defined.ts';
import type { Crd, Schema } from './crd.ts';

/** `src/manifests/generated/schemas.json`: the schema of the spec of each kind, without texts for people. */
export function renderManifestSchemas(crds: readonly Crd[]): string {
  const schemas = Object.fromEntries(crds.map(({ kind, schema }) => [kind, bare(withoutStatus(schema))]));
  return `${JSON.stringify(schemas)}\n`;
}

/** The operator writes it: the API server drops it from an applied manifest. */
function withoutStatus(schema: Schema): Schema {
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => name !== 'status');
  return { ...schema, properties: Object.fromEntries(properties) };
}

function bare(schema: Schema): Schema {
  return {
    ...without(schema, 'description'),
    ...(schema.properties !== undefined && {
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, child]) => [name, bare(child)])),
    }),
    ...(schema.items !== undefined && { items: bare(schema.items) }),
    ...(schema.additionalProperties !== undefined && { additionalProperties: bare(schema.additionalProperties) }),
  };
}
