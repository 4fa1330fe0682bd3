import { isRsaKey } from '../../base/rsa-key.ts';
import type { Problem } from '../conditions/problem.ts';
import { assertNever, err, ok, type Result } from '../../base/result.ts';
import { Secret } from '../../base/secret.ts';
import type { AccessKeyRef, AccountKeyRef, Ambient, CredentialsRef, ServiceAccountKeyRef } from './refs.ts';
import type { Credential } from './credential-types.ts';
import { asJsonObject, text, type JsonObject } from '../spec/json.ts';
import { cannotBeAnId, isSurelyAnId } from './access-key-id.ts';

/** Real keys have 16 to 128 characters. */
const MAX_KEY_LENGTH = 1024;
/** Real key files have 2.4 kB. */
const MAX_FILE_LENGTH = 16 * 1024;

/** Data of a Secret as the API server returns it: base64 values by key. */
export type SecretData = Readonly<Record<string, string>>;

/** Reads a credential from a Secret. Problems name the Secret and the key, never the value. */
export function readCredential(data: SecretData, ref: Exclude<CredentialsRef, Ambient>): Result<Credential, Problem> {
  switch (ref.kind) {
    case 'AccessKey':
      return readAccessKey(data, ref);
    case 'ServiceAccountKey':
      return readServiceAccountKey(data, ref);
    case 'AccountKey':
      return readAccountKey(data, ref);
    default:
      return assertNever(ref);
  }
}

function readAccessKey(data: SecretData, ref: AccessKeyRef): Result<Credential, Problem> {
  const accessKeyId = readLine(data, { secretName: ref.secretName, key: ref.accessKeyIdKey });
  if (!accessKeyId.ok) return accessKeyId;
  const secretAccessKey = readLine(data, { secretName: ref.secretName, key: ref.secretAccessKeyKey });
  if (!secretAccessKey.ok) return secretAccessKey;
  const confusion = confusionIn(accessKeyId.value, secretAccessKey.value);
  if (confusion !== undefined) {
    const remedy = `Put the id of the key into ${ref.accessKeyIdKey} and the secret key into ${ref.secretAccessKeyKey}, each alone.`;
    return err(malformed({ secretName: ref.secretName, key: ref.accessKeyIdKey }, confusion, remedy));
  }
  return ok({ kind: 'AccessKey', accessKeyId: accessKeyId.value, secretAccessKey: new Secret(secretAccessKey.value) });
}

function readAccountKey(data: SecretData, ref: AccountKeyRef): Result<Credential, Problem> {
  const value = readLine(data, ref);
  if (!value.ok) return value;
  const bytes = Buffer.from(value.value, 'base64');
  if (bytes.length < 16 || bytes.toString('base64') !== value.value) {
    return err(malformed(ref, 'is no key of a storage account: that is base64 text of 88 characters', AZURE_REMEDY));
  }
  return ok({ kind: 'AccountKey', accountKey: new Secret(value.value) });
}

const AZURE_REMEDY = 'Copy key1 or key2 as Azure shows it: az storage account keys list --account-name <account>';
const GCS_REMEDY =
  'Store the key file as it was downloaded: kubectl create secret generic <name> --from-file=key.json=<file>';

/** Reads only the fields that are needed for signing, and the name of the key. URLs in the file are never used. */
function readServiceAccountKey(data: SecretData, ref: ServiceAccountKeyRef): Result<Credential, Problem> {
  const value = readText(data, ref);
  if (!value.ok) return value;
  if (value.value.length > MAX_FILE_LENGTH) {
    return err(malformed(ref, `has more than ${MAX_FILE_LENGTH} characters`, GCS_REMEDY));
  }
  const file = parseJson(value.value);
  if (file === undefined) return err(malformed(ref, 'is not a JSON object', GCS_REMEDY));
  const type = text(file, 'type');
  if (type !== 'service_account') return err(wrongType(ref, type));
  const universe = text(file, 'universe_domain') ?? 'googleapis.com';
  if (universe !== 'googleapis.com')
    return err(malformed(ref, 'is for another universe than googleapis.com', GCS_REMEDY));
  const clientEmail = text(file, 'client_email') ?? '';
  if (!/^[a-z0-9.-]{1,128}@[a-z0-9.-]{1,128}$/.test(clientEmail)) {
    return err(malformed(ref, 'has no client_email that is an e-mail address', GCS_REMEDY));
  }
  const privateKey = text(file, 'private_key') ?? '';
  if (!isRsaKey(privateKey)) return err(malformed(ref, 'has no private_key that is an RSA key in PEM', GCS_REMEDY));
  return ok({ kind: 'ServiceAccountKey', clientEmail, privateKey: new Secret(privateKey), ...keyName(file) });
}

/** The name of the key, if it is one: it goes into the header of what the key signs. */
function keyName(file: JsonObject): { readonly privateKeyId?: string } {
  const privateKeyId = text(file, 'private_key_id');
  return privateKeyId !== undefined && /^[\w-]{1,128}$/.test(privateKeyId) ? { privateKeyId } : {};
}

function parseJson(value: string): JsonObject | undefined {
  try {
    return asJsonObject(JSON.parse(value));
  } catch {
    return undefined;
  }
}

/**
 * `external_account` files name URLs, files and executables as token sources. The operator must not use any of them.
 */
function wrongType(ref: ServiceAccountKeyRef, type: string | undefined): Problem {
  const known = type !== undefined && /^[a-z_]{1,64}$/.test(type);
  return {
    reason: 'CredentialTypeNotAllowed',
    message: `Key ${ref.key} of Secret ${ref.secretName} is a key file of type ${known ? type : '(none)'}; only service_account is accepted.`,
    remedy: 'Create a key of a service account: gcloud iam service-accounts keys create key.json --iam-account=<email>',
    failureClass: 'reference',
  };
}

interface Place {
  readonly secretName: string;
  readonly key: string;
}

function readText(data: SecretData, { secretName, key }: Place): Result<string, Problem> {
  const encoded = Object.hasOwn(data, key) ? data[key] : undefined;
  if (encoded !== undefined) return ok(Buffer.from(encoded, 'base64').toString('utf8'));
  const present = Object.keys(data).sort().slice(0, 8).join(', ');
  return err({
    reason: 'SecretKeyMissing',
    message: `Secret ${secretName} has no key ${key} (it has: ${present === '' ? 'none' : present}).`,
    remedy: `Add ${key} to the Secret, or name the right key in the secretRef.`,
    failureClass: 'reference',
  });
}

/** A key on one line, such as an access key. */
function readLine(data: SecretData, place: Place): Result<string, Problem> {
  const value = readText(data, place);
  if (!value.ok) return value;
  const violation = violationIn(value.value);
  if (violation === undefined) return value;
  const remedy = 'Write the key alone, without line breaks, for example by kubectl create secret with --from-literal.';
  return err(malformed(place, violation, remedy));
}

function confusionIn(id: string, secret: string): string | undefined {
  return cannotBeAnId(id) ?? (isSurelyAnId(secret) ? 'and the secret key seem to be swapped' : undefined);
}

function malformed({ secretName, key }: Place, violation: string, remedy: string): Problem {
  const message = `Key ${key} of Secret ${secretName} ${violation}.`;
  return { reason: 'SecretMalformed', message, remedy, failureClass: 'reference' };
}

function violationIn(value: string): string | undefined {
  if (value === '') return 'is empty';
  if (/^\s*[[{"]/.test(value)) return 'holds JSON and not a key (External Secrets: name a property of remoteRef)';
  if (value.startsWith('-----BEGIN')) return 'holds a file in PEM and not a key';
  if (value.length > MAX_KEY_LENGTH) return `has more than ${MAX_KEY_LENGTH} characters`;
  if (/[\r\n]/.test(value)) return 'holds a line break (a trailing one comes from echo without -n)';
  if (/^\s|\s$/.test(value)) return 'begins or ends with white space';
  if (!/^[\u0020-\u007e]+$/.test(value)) return 'holds characters that no access key has (binary, or not ASCII)';
  return undefined;
}
