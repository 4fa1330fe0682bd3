import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminRequest } from '../servers/shared.ts';

/** The parts of OpenAPI schemas that are walked through. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly allOf?: readonly Schema[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

/** What kubeconform looks for in a folder of `writeSchemas`. */
export const SCHEMA_FILES = '{{ .Group }}_{{ .ResourceAPIVersion }}_{{ .ResourceKind }}.json';

/**
 * Writes the schemas of every kind that the API server serves, as JSON schemas
 * that take no unknown field: what it publishes, and not a copy from elsewhere.
 */
export async function writeSchemas(folder: string): Promise<void> {
  const index = await adminRequest('GET', '/openapi/v3');
  const paths = index.body['paths'] as Readonly<Record<string, { readonly serverRelativeURL: string }>>;
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    if (!/^apis?\/.*v\d/.test(path)) continue;
    const { status, body } = await adminRequest('GET', serverRelativeURL);
    // The URL has a hash: it moves when the schemas change meanwhile, and the next look has it.
    if (status !== 200) continue;
    const { schemas } = body['components'] as { readonly schemas?: Readonly<Record<string, Schema>> };
    if (schemas !== undefined) writeGroup(folder, schemas);
  }
}

function writeGroup(folder: string, schemas: Readonly<Record<string, Schema>>): void {
  const components = { schemas: Object.fromEntries(Object.entries(schemas).map(([name, s]) => [name, closed(s)])) };
  for (const [name, schema] of Object.entries(schemas)) {
    const kinds = schema['x-kubernetes-group-version-kind'] ?? [];
    // Options of requests are kinds of every group.
    const [only, ...others] = kinds;
    if (only === undefined || others.length > 0) continue;
    // What kubeconform calls the core group.
    const group = only.group === '' ? only.version : only.group;
    const file = `${group}_${only.version}_${only.kind.toLowerCase()}.json`;
    writeFileSync(join(folder, file), JSON.stringify({ $ref: `#/components/schemas/${name}`, components }));
  }
}

/** The schema without room for fields that it does not name. */
function closed(schema: Schema): Schema {
  const { properties, items, additionalProperties, allOf } = schema;
  const isOpen = additionalProperties !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...schema,
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, closed(child)])),
      ...(!isOpen && { additionalProperties: false }),
    }),
    ...(items !== undefined && { items: closed(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: closed(additionalProperties) }),
    ...(allOf !== undefined && { allOf: allOf.map((part) => closed(part)) }),
  };
}
