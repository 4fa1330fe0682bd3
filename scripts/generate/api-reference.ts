import type { Crd, Schema } from './crd.ts';

/** `docs/reference/api.md`: every field of both kinds. */
export function renderApiReference(crds: readonly Crd[]): string {
  const sections = crds.map((crd) => `## ${crd.kind}\n\n${crd.schema.description ?? ''}\n\n${tables(crd)}`);
  return `# API reference\n\nGenerated from the CRDs by \`npm run generate\`. The same texts: \`kubectl explain\`.\n\n${sections.join('\n')}`;
}

function tables(crd: Crd): string {
  return ['spec', 'status']
    .map((part) => {
      const schema = crd.schema.properties?.[part];
      const rows = schema === undefined ? [] : fields(schema, '');
      return `### ${crd.kind} ${part}\n\n| field | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
    })
    .join('\n');
}

function fields(schema: Schema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const required = schema.required?.includes(name) === true ? ' (required)' : '';
    const row = `| \`${prefix}${name}\`${required} | ${typeOf(child)} | ${cell(child.description ?? '')} |`;
    const inner = child.items ?? child;
    return [row, ...fields(inner, `${prefix}${name}${child.items === undefined ? '' : '[]'}.`)];
  });
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.items !== undefined) return `list of ${schema.items.type ?? 'any'}`;
  return schema.type ?? 'any';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
