import type { Problem } from './problem.ts';
import { err, ok, type Result } from './result.ts';
import type { AccessKeyRef, AccountKeyRef, Ambient, CaBundleRef, ServiceAccountKeyRef } from './storage.ts';
import { asBag, invalidSpec, own, text, type Bag } from './untrusted.ts';

type Parsed<T> = Result<T, Problem>;

const AMBIENT: Ambient = { kind: 'Ambient' };

/** Credentials of the S3 kinds. `field` is where the member stands, such as `spec.bucket.s3`. */
export function parseAccessKey(member: Bag | undefined, field: string): Parsed<AccessKeyRef | Ambient> {
  const given = secretRefOf(member, 'accessKey', field);
  if (given === undefined) return ok(AMBIENT);
  if (!given.ok) return given;
  return ok({
    kind: 'AccessKey',
    secretName: given.value.name,
    accessKeyIdKey: text(given.value.ref, 'accessKeyIdKey') ?? 'ACCESS_KEY',
    secretAccessKeyKey: text(given.value.ref, 'secretAccessKeyKey') ?? 'SECRET_KEY',
  });
}

/** Credentials of GCS: the key file of a service account. */
export function parseServiceAccountKey(member: Bag | undefined, field: string): Parsed<ServiceAccountKeyRef | Ambient> {
  const given = secretRefOf(member, 'serviceAccountKey', field);
  if (given === undefined) return ok(AMBIENT);
  if (!given.ok) return given;
  const key = text(given.value.ref, 'key') ?? 'key.json';
  return ok({ kind: 'ServiceAccountKey', secretName: given.value.name, key });
}

/** Credentials of Azure Blob: a key of the storage account. */
export function parseAccountKey(member: Bag | undefined, field: string): Parsed<AccountKeyRef | Ambient> {
  const given = secretRefOf(member, 'accountKey', field);
  if (given === undefined) return ok(AMBIENT);
  if (!given.ok) return given;
  const key = text(given.value.ref, 'key') ?? 'AZURE_STORAGE_KEY';
  return ok({ kind: 'AccountKey', secretName: given.value.name, key });
}

/** `undefined`: the object names no credentials at all. */
function secretRefOf(
  member: Bag | undefined,
  kind: string,
  field: string,
): Parsed<{ readonly ref: Bag; readonly name: string }> | undefined {
  const credentials = own(member, 'credentials');
  if (credentials === undefined) return undefined;
  const bag = asBag(credentials);
  const others = Object.keys(bag ?? {}).filter((key) => key !== kind);
  if (bag === undefined || others.length > 0) {
    return err({
      reason: 'CredentialsNotSupported',
      message: `This version of the operator proves buckets with ${field}.credentials.${kind} only.`,
      remedy: `Give ${kind} with a secretRef, or upgrade the operator.`,
      failureClass: 'spec',
    });
  }
  const ref = asBag(own(asBag(own(bag, kind)), 'secretRef'));
  const name = text(ref, 'name');
  if (ref === undefined || name === undefined) {
    return invalidSpec(`${field}.credentials.${kind}.secretRef.name is required: the Secret that holds the key.`);
  }
  return ok({ ref, name });
}

/** Where the CA of a private endpoint is kept; `undefined` when none is named. */
export function parseCaBundle(value: unknown): CaBundleRef | undefined {
  const bundle = asBag(value);
  const configMap = asBag(own(bundle, 'configMapKeyRef'));
  const ref = configMap ?? asBag(own(bundle, 'secretKeyRef'));
  const name = text(ref, 'name');
  if (name === undefined) return undefined;
  return { kind: configMap === undefined ? 'Secret' : 'ConfigMap', name, key: text(ref, 'key') ?? 'ca.crt' };
}
