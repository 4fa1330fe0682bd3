import type { Crd, Schema } from './crd.ts';

/** `values.schema.json` of the chart `byob-storages`: the CRDs' own schemas, and no field beside theirs. */
export function renderStoragesSchema([instance, team]: readonly [Crd, Crd]): string {
  const byName = (crd: Crd, maxLength: number, given: readonly string[]): unknown => ({
    type: 'object',
    // The API server's rule for names; an instance's is part of other names.
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
      // Helm hands it to every chart that another one depends on.
      global: { type: 'object' },
      commonLabels: texts,
      commonAnnotations: texts,
      instances: byName(instance, 55, []),
      // The chart takes the name for the team.
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

/** The schema without what only Kubernetes knows, and without room for other fields. */
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
 * The forms of texts stand in the CRDs as CEL rules, each with a sentence. For Helm they are patterns; what stands
 * before a rule's pattern only keeps two sentences from saying the same.
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
