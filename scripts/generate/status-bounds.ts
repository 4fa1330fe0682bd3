import type { Crd, Schema } from './crd.ts';

const BANNER = '// Generated from the CRDs by `npm run generate`. Do not edit.';

/** `src/api/generated/status-bounds.ts`: the maximum size of each field of a status, by kind and path. */
export function renderStatusBounds(crds: readonly Crd[]): string {
  const kinds = crds.map((crd) => {
    const status = crd.schema.properties?.['status'];
    if (status === undefined) throw new Error(`${crd.file} has no status`);
    const lines = boundsOf(status, '').map(([path, bound]) => `    ${quoted(path)}: ${bound},\n`);
    return `  ${crd.kind}: {\n${lines.join('')}  },\n`;
  });
  return [
    BANNER,
    '',
    '/** Of a text the most characters, of a list the most items; `[]` in a path stands for each item. */',
    `export const STATUS_BOUNDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {\n${kinds.join('')}};`,
    '',
  ].join('\n');
}

function boundsOf(schema: Schema, path: string): readonly (readonly [string, number])[] {
  const own = schema.type === 'array' ? schema.maxItems : schema.type === 'string' ? schema.maxLength : undefined;
  return [
    ...(own === undefined ? [] : [[path, own] as const]),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
      boundsOf(child, path === '' ? name : `${path}.${name}`),
    ),
    ...(schema.items === undefined ? [] : boundsOf(schema.items, `${path}[]`)),
  ];
}

function quoted(path: string): string {
  return /^[A-Za-z]+$/.test(path) ? path : `'${path}'`;
}
