import type { Problem } from '../conditions/problem.ts';
import { ok, type Result } from '../../base/result.ts';
import type { AccessKeyRef, AccountKeyRef, ServiceAccountKeyRef } from '../credentials/refs.ts';
import type { CaBundleRef } from '../bucket/storage.ts';
import { asJsonObject, invalidSpec, OBJECT_NAME, optionalText, own, type JsonObject } from './json.ts';

type Parsed<T> = Result<T, Problem>;

/** Keys of Secrets and ConfigMaps, as the API server accepts them. */
const DATA_KEY = {
  pattern: /^[-._a-zA-Z0-9]{1,253}$/,
  expected: 'a key of letters, digits, dots, hyphens and underscores',
};

/** An access key of the S3 kinds. `field` is its path, such as `spec.bucket.s3.credentials.accessKey`. */
export function parseAccessKey(value: unknown, field: string): Parsed<AccessKeyRef> {
  const ref = secretRefIn(value, field);
  if (!ref.ok) return ref;
  const { name: secretName, key } = ref.value;
  const accessKeyIdKey = key('accessKeyIdKey', 'ACCESS_KEY');
  if (!accessKeyIdKey.ok) return accessKeyIdKey;
  const secretAccessKeyKey = key('secretAccessKeyKey', 'SECRET_KEY');
  if (!secretAccessKeyKey.ok) return secretAccessKeyKey;
  return ok({
    kind: 'AccessKey',
    secretName,
    accessKeyIdKey: accessKeyIdKey.value,
    secretAccessKeyKey: secretAccessKeyKey.value,
  });
}

/** The key file of a Google service account. */
export function parseServiceAccountKey(value: unknown, field: string): Parsed<ServiceAccountKeyRef> {
  const ref = secretRefIn(value, field);
  if (!ref.ok) return ref;
  const key = ref.value.key('key', 'key.json');
  return key.ok ? ok({ kind: 'ServiceAccountKey', secretName: ref.value.name, key: key.value }) : key;
}

/** A key of an Azure storage account. */
export function parseAccountKey(value: unknown, field: string): Parsed<AccountKeyRef> {
  const ref = secretRefIn(value, field);
  if (!ref.ok) return ref;
  const key = ref.value.key('key', 'AZURE_STORAGE_KEY');
  return key.ok ? ok({ kind: 'AccountKey', secretName: ref.value.name, key: key.value }) : key;
}

const CA_MEMBERS = ['configMapKeyRef', 'secretKeyRef'];

interface KeyedRef {
  readonly name: string;
  /** Reads the field that names a key of the object. */
  readonly key: (field: string, otherwise: string) => Parsed<string>;
}

function secretRefIn(value: unknown, field: string): Parsed<KeyedRef> {
  return keyedRef(asJsonObject(own(asJsonObject(value), 'secretRef')), `${field}.secretRef`);
}

/** Reads `serviceAccountRef`: the name of a ServiceAccount of the object's namespace. */
export function parseServiceAccountRef(value: JsonObject | undefined, field: string): Parsed<string> {
  const ref = keyedRef(asJsonObject(own(value, 'serviceAccountRef')), `${field}.serviceAccountRef`);
  return ref.ok ? ok(ref.value.name) : ref;
}

function keyedRef(ref: JsonObject | undefined, field: string): Parsed<KeyedRef> {
  const name = optionalText(ref, 'name', field, OBJECT_NAME);
  if (!name.ok) return name;
  if (name.value === undefined) return invalidSpec(`${field}.name is required.`);
  return ok({
    name: name.value,
    key(at, otherwise) {
      const key = optionalText(ref, at, field, DATA_KEY);
      return key.ok ? ok(key.value ?? otherwise) : key;
    },
  });
}

/** Where the CA of a private endpoint is kept; `undefined` if none is named. */
export function parseCaBundle(value: unknown, field: string): Parsed<CaBundleRef | undefined> {
  if (value === undefined) return ok(undefined);
  const bundle = asJsonObject(value);
  const [member, ...others] = Object.keys(bundle ?? {}).filter((key) => CA_MEMBERS.includes(key));
  if (member === undefined || others.length > 0) {
    return invalidSpec(`${field} must have exactly one of configMapKeyRef and secretKeyRef.`);
  }
  const ref = keyedRef(asJsonObject(own(bundle, member)), `${field}.${member}`);
  if (!ref.ok) return ref;
  const key = ref.value.key('key', 'ca.crt');
  if (!key.ok) return key;
  return ok({ kind: member === 'configMapKeyRef' ? 'ConfigMap' : 'Secret', name: ref.value.name, key: key.value });
}
