import { hmacSha256 } from '../../base/digest.ts';
import { onceFor } from '../../base/once-for.ts';
import { Secret } from '../../base/secret.ts';
import type { IdentityRef } from './refs.ts';
import type { Credential } from './credential-types.ts';
import { isSurelyAnId } from './access-key-id.ts';

/** A credential with its secrets as plain text, only for the ledger and for digests. */
export type RevealedCredential =
  | { readonly kind: 'AccessKey'; readonly accessKeyId: string; readonly secretAccessKey: string }
  | { readonly kind: 'ServiceAccountKey'; readonly clientEmail: string; readonly privateKey: string }
  | { readonly kind: 'AccountKey'; readonly accountKey: string };

export function revealCredential(credential: Credential): RevealedCredential {
  switch (credential.kind) {
    case 'AccessKey':
      return {
        kind: 'AccessKey',
        accessKeyId: credential.accessKeyId,
        secretAccessKey: credential.secretAccessKey.reveal(),
      };
    case 'ServiceAccountKey':
      return {
        kind: 'ServiceAccountKey',
        clientEmail: credential.clientEmail,
        privateKey: credential.privateKey.reveal(),
      };
    case 'AccountKey':
      return { kind: 'AccountKey', accountKey: credential.accountKey.reveal() };
  }
}

/** The inverse of `revealCredential`; throws for a kind that this version does not know. */
export function hideCredential(revealed: RevealedCredential): Credential {
  switch (revealed.kind) {
    case 'AccessKey':
      return { ...revealed, secretAccessKey: new Secret(revealed.secretAccessKey) };
    case 'ServiceAccountKey':
      return { ...revealed, privateKey: new Secret(revealed.privateKey) };
    case 'AccountKey':
      return { ...revealed, accountKey: new Secret(revealed.accountKey) };
    default:
      // Not `assertNever`, because its text would contain the value.
      throw new Error('a credential of a kind that this version does not know');
  }
}

/**
 * The identity that the store sees, for display: enough of a key id to distinguish two, not enough to use it. No
 * character of what may be a secret is shown; `digest`, which is keyed, adds a fingerprint.
 */
export function principalOfKey(credential: Credential, digest?: string): string {
  switch (credential.kind) {
    case 'AccessKey': {
      const { accessKeyId } = credential;
      const isAmbiguous = digest !== undefined && !isSurelyAnId(accessKeyId);
      return `access key ${maskKeyId(accessKeyId)}${isAmbiguous ? ` (fingerprint ${fingerprintOf(digest)})` : ''}`;
    }
    case 'ServiceAccountKey':
      return `service account ${credential.clientEmail}`;
    case 'AccountKey':
      return 'the account key';
  }
}

/**
 * A key with its fingerprint, which distinguishes it from any other key, even with the same id or of the same account.
 */
export function fingerprintedKey(credential: Credential, digest: string): string {
  return `${principalOfKey(credential)}, fingerprint ${fingerprintOf(digest)}`;
}

/** For keyed digests only: without the ledger's salt, keys cannot be guessed from it. */
function fingerprintOf(digest: string): string {
  return digest.slice(0, 8);
}

function maskKeyId(accessKeyId: string): string {
  return isSurelyAnId(accessKeyId) ? `${accessKeyId.slice(0, 4)}***${accessKeyId.slice(-4)}` : '***';
}

/**
 * Identifies the credential without revealing it: equal digests mean equal keys, or the same identity. Empty for an
 * identity that is not declared.
 */
export function credentialDigest(salt: Secret<string>, declared: Credential | IdentityRef | undefined): string {
  if (declared === undefined) return '';
  const isKey =
    declared.kind === 'AccessKey' || declared.kind === 'ServiceAccountKey' || declared.kind === 'AccountKey';
  return isKey ? digestsOfKeys(salt)(declared) : keyedDigest(salt, [JSON.stringify(declared)]);
}

/** By salt and key: thousands of claims may use one key, and each asks whenever it is reconciled. */
const digestsOfKeys = onceFor((salt: Secret<string>) =>
  onceFor((key: Credential) => keyedDigest(salt, Object.values(revealCredential(key)))),
);

/**
 * HMAC-SHA-256 over the parts, unambiguous whatever they contain; 64 hex
 * characters. Keyed with the ledger's salt, because keys of S3-compatible stores
 * can be short enough to guess.
 */
export function keyedDigest(salt: Secret<string>, parts: readonly string[]): string {
  return hmacSha256(salt, JSON.stringify(parts));
}
