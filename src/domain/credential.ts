import { createHmac } from 'node:crypto';
import type { Problem } from './problem.ts';
import { err, ok, type Result } from './result.ts';
import { Secret } from './secret.ts';
import type { Credential, CredentialsRef } from './storage.ts';

/** Longest key that we take: real ones have 16 to 128 characters. */
const MAX_KEY_LENGTH = 1024;

/** Data of a Secret as the API gives it: base64 by key. */
export type SecretData = Readonly<Record<string, string>>;

/** Reads an access key out of a Secret. Problems name the Secret and the key, never the value. */
export function readAccessKey(
  data: SecretData,
  ref: CredentialsRef & { readonly kind: 'AccessKey' },
): Result<Credential, Problem> {
  const accessKeyId = readKey(data, ref.secretName, ref.accessKeyIdKey);
  if (!accessKeyId.ok) return accessKeyId;
  const secretAccessKey = readKey(data, ref.secretName, ref.secretAccessKeyKey);
  if (!secretAccessKey.ok) return secretAccessKey;
  return ok({ kind: 'AccessKey', accessKeyId: accessKeyId.value, secretAccessKey: new Secret(secretAccessKey.value) });
}

function readKey(data: SecretData, secretName: string, key: string): Result<string, Problem> {
  const encoded = Object.hasOwn(data, key) ? data[key] : undefined;
  if (encoded === undefined) {
    const present = Object.keys(data).sort().slice(0, 8).join(', ');
    return err({
      reason: 'SecretKeyMissing',
      message: `Secret ${secretName} has no key ${key} (it has: ${present === '' ? 'none' : present}).`,
      remedy: `Add ${key} to the Secret, or name the right key in the secretRef.`,
      failureClass: 'reference',
    });
  }
  const value = Buffer.from(encoded, 'base64').toString('utf8');
  const flaw = flawOf(value);
  if (flaw === undefined) return ok(value);
  return err({
    reason: 'SecretMalformed',
    message: `Key ${key} of Secret ${secretName} ${flaw}.`,
    remedy: 'Write the key again without line breaks, for example by kubectl create secret with --from-literal.',
    failureClass: 'reference',
  });
}

function flawOf(value: string): string | undefined {
  if (value === '') return 'is empty';
  if (value.length > MAX_KEY_LENGTH) return `has more than ${MAX_KEY_LENGTH} characters`;
  if (/[\r\n]/.test(value)) return 'holds a line break (a trailing one comes from echo without -n)';
  if (/^\s|\s$/.test(value)) return 'begins or ends with white space';
  if (!/^[\u0020-\u007e]+$/.test(value)) return 'holds characters that no access key has (binary, or not ASCII)';
  return undefined;
}

/**
 * Names a credential without telling it: equal digests mean equal credentials.
 * Keyed with the ledger's salt, because keys of S3-compatible stores can be
 * short enough to guess.
 */
export function credentialDigest(salt: Secret<string>, credential: Credential): string {
  return keyedDigest(salt, [credential.kind, credential.accessKeyId, credential.secretAccessKey.reveal()]);
}

/** HMAC-SHA-256 over the parts, unambiguous whatever they contain; 64 hex characters. */
export function keyedDigest(salt: Secret<string>, parts: readonly string[]): string {
  return createHmac('sha256', salt.reveal()).update(JSON.stringify(parts)).digest('hex');
}
