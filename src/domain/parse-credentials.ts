import type { Problem } from './problem.ts';
import { err, ok, type Result } from './result.ts';
import type { AccessKeyRef, AccountKeyRef, Ambient, CaBundleRef, ServiceAccountKeyRef } from './storage.ts';
import { asBag, invalidSpec, optionalText, own, type Bag } from './untrusted.ts';

type Parsed<T> = Result<T, Problem>;

const AMBIENT: Ambient = { kind: 'Ambient' };

const OBJECT_NAME = {
  pattern: /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
  says: 'the name of an object of this namespace',
};
/** Keys of Secrets and ConfigMaps, as the API server takes them. */
const DATA_KEY = {
  pattern: /^[-._a-zA-Z0-9]{1,253}$/,
  says: 'a key of letters, digits, dots, hyphens and underscores',
};

/** Credentials of the S3 kinds. `field` is where the member stands, such as `spec.bucket.s3`. */
export function parseAccessKey(member: Bag | undefined, field: string): Parsed<AccessKeyRef | Ambient> {
  const given = secretRefOf(member, 'accessKey', field);
  if (!given.ok) return given;
  if (given.value === undefined) return ok(AMBIENT);
  const { name: secretName, key } = given.value;
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

/** Credentials of GCS: the key file of a service account. */
export function parseServiceAccountKey(member: Bag | undefined, field: string): Parsed<ServiceAccountKeyRef | Ambient> {
  const given = secretRefOf(member, 'serviceAccountKey', field);
  if (!given.ok) return given;
  if (given.value === undefined) return ok(AMBIENT);
  const key = given.value.key('key', 'key.json');
  return key.ok ? ok({ kind: 'ServiceAccountKey', secretName: given.value.name, key: key.value }) : key;
}

/** Credentials of Azure Blob: a key of the storage account. */
export function parseAccountKey(member: Bag | undefined, field: string): Parsed<AccountKeyRef | Ambient> {
  const given = secretRefOf(member, 'accountKey', field);
  if (!given.ok) return given;
  if (given.value === undefined) return ok(AMBIENT);
  const key = given.value.key('key', 'AZURE_STORAGE_KEY');
  return key.ok ? ok({ kind: 'AccountKey', secretName: given.value.name, key: key.value }) : key;
}

const CA_MEMBERS = ['configMapKeyRef', 'secretKeyRef'];

interface KeyedRef {
  readonly name: string;
  /** Reads the field that names a key of the object. */
  readonly key: (field: string, otherwise: string) => Parsed<string>;
}

/** `undefined`: the object names no credentials at all. */
function secretRefOf(member: Bag | undefined, kind: string, field: string): Parsed<KeyedRef | undefined> {
  const credentials = own(member, 'credentials');
  if (credentials === undefined) return ok(undefined);
  const bag = asBag(credentials);
  if (bag === undefined) return invalidSpec(`${field}.credentials must be an object.`);
  if (Object.keys(bag).some((key) => key !== kind)) {
    return err({
      reason: 'CredentialsNotSupported',
      message: `This version of the operator proves buckets with ${field}.credentials.${kind} only.`,
      remedy: `Give ${kind} with a secretRef, or upgrade the operator.`,
      failureClass: 'spec',
    });
  }
  return keyedRef(asBag(own(asBag(own(bag, kind)), 'secretRef')), `${field}.credentials.${kind}.secretRef`);
}

function keyedRef(ref: Bag | undefined, field: string): Parsed<KeyedRef> {
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

/** Where the CA of a private endpoint is kept; `undefined` when none is named. */
export function parseCaBundle(value: unknown, field: string): Parsed<CaBundleRef | undefined> {
  if (value === undefined) return ok(undefined);
  const bundle = asBag(value);
  const [member, ...others] = Object.keys(bundle ?? {}).filter((key) => CA_MEMBERS.includes(key));
  if (member === undefined || others.length > 0) {
    return invalidSpec(`${field} must have exactly one of configMapKeyRef and secretKeyRef.`);
  }
  const ref = keyedRef(asBag(own(bundle, member)), `${field}.${member}`);
  if (!ref.ok) return ref;
  const key = ref.value.key('key', 'ca.crt');
  if (!key.ok) return key;
  return ok({ kind: member === 'configMapKeyRef' ? 'ConfigMap' : 'Secret', name: ref.value.name, key: key.value });
}
