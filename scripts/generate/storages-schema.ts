import type { Crd, Schema } from './crd.ts';

/** `values.schema.json` of the chart `byob-storages`: the schemas of the CRDs, without room for other fields. */
export function renderStoragesSchema([instance, team]: readonly [Crd, Crd]): string {
  const byName = (crd: Crd, maxLength: number, given: readonly string[]): unknown => ({
    type: 'object',
    // The API server's rule for names; that of an instance is part of other names, so it is shorter.
    propertyNames: { pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', maxLength },
    additionalProperties: specOf(crd, given),
  });
  const texts = { type: 'object', additionalProperties: { type: 'string' } };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $comment: 'Generated from the CRDs by npm run generate. Do not edit.',
    title: 'Values of the chart byob-storages',
    type: 'object',
    additionalProperties: false,
    properties: {
      // Helm passes it to every subchart.
      global: { type: 'object' },
      commonLabels: texts,
      commonAnnotations: texts,
      instances: byName(instance, 55, []),
      // The chart sets `team` to the name.
      teams: byName(team, 253, ['team']),
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function specOf(crd: Crd, given: readonly string[]): unknown {
  const spec = crd.schema.properties?.['spec'];
  if (spec === undefined) throw new Error(`${crd.file} has no spec`);
  const required = spec.required?.filter((name) => !given.includes(name));
  return closed({ ...spec, ...(required !== undefined && { required }) });
}

/** The schema without the extensions of Kubernetes, and without room for other fields. */
function closed(schema: Schema): unknown {
  const kept = Object.entries(schema).filter(([key]) => !key.startsWith('x-kubernetes-'));
  return {
    ...Object.fromEntries(kept),
    ...patternsOf(schema),
    ...(schema.properties !== undefined && {
      additionalProperties: false,
      properties: Object.fromEntries(Object.entries(schema.properties).map(([name, child]) => [name, closed(child)])),
    }),
    ...(schema.items !== undefined && { items: closed(schema.items) }),
    ...(schema.additionalProperties !== undefined && { additionalProperties: closed(schema.additionalProperties) }),
  };
}

/**
 * The CRDs hold the formats of strings as CEL rules, each with a message. For Helm they become patterns; the part of a
 * rule before its pattern only avoids two messages for the same mistake.
 */
function patternsOf(schema: Schema): object {
  const patterns = (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule }) => {
    const [, pattern] = /(?:^|[(|&] ?)self\.matches\(r?'([^']+)'\)\)?$/.exec(rule) ?? [];
    return pattern === undefined ? [] : [{ pattern }];
  });
  const [only, ...others] = patterns;
  if (only === undefined) return {};
  return others.length === 0 ? only : { allOf: patterns };
}
