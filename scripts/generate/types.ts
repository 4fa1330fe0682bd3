import { compile } from 'json-schema-to-typescript';
import type { Crd, Schema } from './crd.ts';

const BANNER = '// Generated from the CRD by `npm run generate`. Do not edit.';

/** TypeScript types of a CRD's spec and status. */
export async function renderTypes(crd: Crd): Promise<string> {
  const parts = ['spec', 'status'].map((part) => {
    const schema = crd.schema.properties?.[part];
    if (schema === undefined) throw new Error(`${crd.file} has no ${part}`);
    return compile(
      plain(schema) as Parameters<typeof compile>[0],
      `${crd.kind}${part === 'spec' ? 'Spec' : 'Status'}`,
      {
        bannerComment: '',
        additionalProperties: false,
        ignoreMinAndMaxItems: true,
        format: true,
        style: { singleQuote: true, printWidth: 120 },
      },
    );
  });
  const [spec = '', status = ''] = await Promise.all(parts);
  return `${BANNER}\n\n${spec}\n${status}`;
}

/** The schema without descriptions and rules, which types cannot hold. */
function plain(schema: Schema): unknown {
  const { type, properties, items, required, additionalProperties } = schema;
  return {
    ...(type !== undefined && { type }),
    ...(schema.enum !== undefined && { enum: schema.enum }),
    ...(required !== undefined && { required }),
    ...(items !== undefined && { items: plain(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: plain(additionalProperties) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, plain(child)])),
    }),
  };
}
