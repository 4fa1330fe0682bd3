import { boundBucketOf, displayBucket, type BoundBucket } from '../bucket/bucket-id.ts';
import { kubeTime } from '../conditions/conditions.ts';
import { redactedAddress } from '../publication/file-store-address.ts';
import { declaredSignIn } from '../credentials/identity-ref.ts';
import type { ClaimRecord, Row } from '../publication/ledger.ts';
import type { Secret } from '../../base/secret.ts';
import { principalOf, type SignIn } from '../credentials/sign-in.ts';
import { regionOf, type BucketStorage } from '../bucket/storage.ts';

/** Pre-signed write URLs that W&B gave out live this long, signed by the key of their time. */
const WRITE_URL_LIFETIME_MS = 24 * 3_600_000;

/** The descriptive part of a status: what the storage is, apart from any verdict. */
export interface StorageFacts {
  readonly provider: string;
  readonly bucket: string;
  readonly region?: string;
  readonly address: string;
  readonly credentialMode: string;
  readonly principal?: string;
}

/** `signIn`: what the bucket is proven with, once that is known. `salt`: of the ledger, for fingerprints. */
export function storageFacts(storage: BucketStorage, signIn: SignIn | undefined, salt?: Secret<string>): StorageFacts {
  const region = regionOf(storage);
  return {
    provider: storage.provider,
    bucket: displayBucket(storage),
    ...(region !== undefined && { region }),
    address: redactedAddress(storage, storage.credentials.kind),
    credentialMode: declaredSignIn(storage).kind,
    ...(signIn !== undefined && { principal: principalOf(signIn, salt) }),
  };
}

/**
 * The bucket that the claim is bound to. Once set it stays under `Forbid`; the
 * ledger restores it after a restore without status.
 */
export function boundBucket(
  previous: BoundBucket | undefined,
  record: ClaimRecord | undefined,
  changePolicy: 'Forbid' | 'Allow',
): BoundBucket | undefined {
  if (previous !== undefined && changePolicy === 'Forbid') return previous;
  return record === undefined ? previous : boundBucketOf(record.address);
}

export interface Rotation {
  readonly credentialFingerprint: string;
  readonly rotatedAt?: string;
  readonly previousKeySafeToRevokeAfter?: string;
}

/**
 * What the operator knows of the server: that it runs with what is published
 * (since when), that it does not yet, or nothing, because others restart it.
 */
export type ServerRun =
  { readonly kind: 'Unmanaged' } | { readonly kind: 'Pending' } | { readonly kind: 'Current'; readonly since?: string };

/**
 * Names the inputs that were proven and, after a rotation, from when the key
 * before may be revoked: once the server runs with the new one, and the URLs
 * that it signed with the old one are dead. Where nobody knows of a restart, there
 * is no such time. Once told, the time stands.
 */
export function rotation(
  fingerprint: string,
  row: Row | undefined,
  context: { readonly previous: Partial<Rotation> | undefined; readonly server: ServerRun },
): Rotation {
  const { rotatedAt } = row ?? {};
  if (rotatedAt === undefined) return { credentialFingerprint: fingerprint };
  const { previous, server } = context;
  const told = previous?.rotatedAt === rotatedAt ? previous.previousKeySafeToRevokeAfter : undefined;
  const until = told ?? safeAfter(rotatedAt, server);
  return {
    credentialFingerprint: fingerprint,
    rotatedAt,
    ...(until !== undefined && { previousKeySafeToRevokeAfter: until }),
  };
}

function safeAfter(rotatedAt: string, server: ServerRun): string | undefined {
  // Until a restart that the operator knows of, the server may sign with the former key.
  if (server.kind !== 'Current') return undefined;
  // Here a time in the future is believed: should the clock of now be the wrong one, "safe" would be told too early.
  const running = server.since === undefined ? 0 : Date.parse(server.since);
  return kubeTime(Math.max(Date.parse(rotatedAt), running) + WRITE_URL_LIFETIME_MS);
}
