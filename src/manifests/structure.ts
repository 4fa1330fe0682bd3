import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { KubeObject } from '../api/object.ts';
import { crdSchema, type CrdSchema, type StorageKindName } from './crd-schema.ts';
import type { ManifestReason } from './manifest-reasons.ts';
import type { FieldPath } from './manifest.ts';
import { fieldText } from './manifest.ts';

/** A part of an object that the API server would not accept. */
export interface SchemaFault {
  readonly reason: Extract<ManifestReason, 'SchemaViolated' | 'UnknownField' | 'RuleViolated'>;
  readonly path: FieldPath;
  readonly message: string;
}

const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map<StorageKindName, ValidateFunction>();

/**
 * What of an object does not fit the schema of its CRD: wrong forms, and fields that the schema does not have. The API
 * server drops the latter without a word unless the client asks for strict validation, as kubectl does.
 */
export function structureFaults(kind: StorageKindName, object: KubeObject): readonly SchemaFault[] {
  const validate = validators.get(kind) ?? ajv.compile(withStatus(closed(crdSchema(kind))));
  validators.set(kind, validate);
  if (validate(object)) return [];
  return (validate.errors ?? []).map((error) => faultOf(error, object));
}

/** A status is taken and dropped: the operator writes it. */
function withStatus(schema: ReturnType<typeof closed>): object {
  return { ...schema, properties: { ...schema.properties, status: {} } };
}

/** The schema without room for other fields; `metadata` belongs to the API server. */
function closed(schema: CrdSchema): { readonly properties?: object } {
  const { properties, additionalProperties, items } = schema;
  const kept = Object.entries(schema).filter(([keyword]) => !keyword.startsWith('x-kubernetes-'));
  return {
    ...Object.fromEntries(kept),
    ...(schema['x-kubernetes-list-type'] === 'set' && { uniqueItems: true }),
    ...(properties !== undefined && {
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, child]) => [name, name === 'metadata' ? child : closed(child)]),
      ),
    }),
    ...(items !== undefined && { items: closed(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: closed(additionalProperties) }),
  };
}

function faultOf(error: ErrorObject, object: KubeObject): SchemaFault {
  const at = pathOf(error.instancePath, object);
  const parameters = error.params as Readonly<Record<string, unknown>>;
  if (error.keyword === 'additionalProperties') {
    const path = [...at, String(parameters['additionalProperty'])];
    return { reason: 'UnknownField', path, message: `unknown field "${fieldText(path)}"` };
  }
  if (error.keyword === 'required') {
    const path = [...at, String(parameters['missingProperty'])];
    return { reason: 'SchemaViolated', path, message: `${fieldText(path)} is required` };
  }
  return { reason: 'SchemaViolated', path: at, message: `${fieldText(at)} ${sentenceOf(error, parameters)}` };
}

/** Never repeats the value: it may be a secret in the wrong place. */
function sentenceOf({ keyword, message }: ErrorObject, parameters: Readonly<Record<string, unknown>>): string {
  const limit = String(parameters['limit']);
  switch (keyword) {
    case 'enum':
      return `must be one of ${(parameters['allowedValues'] as readonly unknown[]).map((value) => JSON.stringify(value)).join(', ')}`;
    case 'type':
      return `must be of type ${String(parameters['type'])}`;
    case 'maxLength':
      return `is too long: it may have at most ${limit} characters`;
    case 'maxItems':
      return `has too many items: it may have at most ${limit}`;
    case 'minItems':
      return `has too few items: it must have at least ${limit}`;
    case 'maxProperties':
      return `has too many entries: it may have at most ${limit}`;
    case 'uniqueItems':
      return 'must not hold the same value twice';
    default:
      return message ?? 'is invalid';
  }
}

/** `/spec/fileStores/variables/0` as a path; positions in lists become numbers. */
function pathOf(pointer: string, object: KubeObject): FieldPath {
  let value: unknown = object;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(value) ? Number(name) : name;
      value = (value as Readonly<Record<string | number, unknown>>)[key];
      return key;
    });
}
