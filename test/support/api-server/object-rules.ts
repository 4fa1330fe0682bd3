import { fieldsIn, omit, type Fields } from './json.ts';
import type { Kind } from './kinds.ts';

const MAX_DATA_BYTES = 1024 * 1024;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** What the server's own rules forbid of an object, each as `field: why`. `before`: what it replaces. */
export function* rulesBroken(kind: Kind, object: Fields, before: Fields | undefined): Generator<string> {
  const { name, labels } = fieldsIn(object['metadata']);
  if (typeof name !== 'string' || name.length > 253 || !SUBDOMAIN.test(name)) {
    yield `metadata.name: Invalid value: "${String(name)}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters`;
  }
  for (const value of Object.values(fieldsIn(labels))) {
    if (typeof value !== 'string' || value.length > 63 || !LABEL_VALUE.test(value)) {
      yield `metadata.labels: Invalid value: ${JSON.stringify(value)}`;
    }
  }
  if (kind.kind === 'Secret' || kind.kind === 'ConfigMap') yield* dataBroken(kind, object, before);
}

function* dataBroken(kind: Kind, object: Fields, before: Fields | undefined): Generator<string> {
  if (object['stringData'] !== undefined) throw new Error('this API server in memory does not know stringData');
  const isSecret = kind.kind === 'Secret';
  let bytes = 0;
  for (const [field, isBase64] of [
    ['data', isSecret],
    ['binaryData', true],
  ] as const) {
    for (const [key, value] of Object.entries(fieldsIn(object[field]))) {
      if (!DATA_KEY.test(key))
        yield `${field}[${key}]: Invalid value: "${key}": a valid config key must consist of alphanumeric characters`;
      if (typeof value !== 'string') yield `${field}[${key}]: Invalid value: must be of type string`;
      else bytes += Buffer.byteLength(value, isBase64 ? 'base64' : 'utf8');
    }
  }
  if (bytes > MAX_DATA_BYTES)
    yield `${isSecret ? 'data' : '[]'}: Too long: may not be more than ${String(MAX_DATA_BYTES)} bytes`;
  if (isSecret && before !== undefined && object['type'] !== before['type'])
    yield 'type: Invalid value: field is immutable';
}

/** What the server fills in; an empty map of data is none. */
export function withBuiltInDefaults(kind: Kind, object: Fields): Fields {
  switch (kind.kind) {
    case 'Secret':
      return { type: 'Opaque', ...withoutEmpty(object, ['data']) };
    case 'ConfigMap':
      return withoutEmpty(object, ['data', 'binaryData']);
    case 'Deployment':
      return { ...object, spec: { replicas: 1, ...fieldsIn(object['spec']) } };
    default:
      return object;
  }
}

function withoutEmpty(object: Fields, names: readonly string[]): Fields {
  return omit(object, ...names.filter((name) => Object.keys(fieldsIn(object[name])).length === 0));
}
