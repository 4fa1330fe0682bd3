import { boundBucketOf, displayBucket, type BoundBucket } from '../bucket/bucket-id.ts';
import { kubeTime } from '../conditions/conditions.ts';
import { redactedAddress } from '../publication/file-store-address.ts';
import { declaredSignIn } from '../credentials/identity-ref.ts';
import type { ClaimRecord, Row } from '../publication/ledger.ts';
import type { Secret } from '../../base/secret.ts';
import { principalOf, type SignIn } from '../credentials/sign-in.ts';
import { regionOf, type BucketStorage } from '../bucket/storage.ts';

/** Lifetime of the pre-signed write URLs of W&B, which are signed with the key of their time. */
const WRITE_URL_LIFETIME_MS = 24 * 3_600_000;

/** The descriptive part of a status: the storage itself, without the result of a validation. */
export interface StorageFacts {
  readonly provider: string;
  readonly bucket: string;
  readonly region?: string;
  readonly address: string;
  readonly credentialMode: string;
  readonly principal?: string;
}

/** `signIn`: what the bucket is proven with, once known. `salt`: that of the ledger, for fingerprints. */
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
 * The bucket that the claim is bound to. Under `Forbid` it does not change once set; after a restore without status it
 * is taken from the ledger.
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
 * Whether the server runs with the published config (and since when), does not yet, or that this is unknown because the
 * operator does not restart it.
 */
export type ServerRun =
  { readonly kind: 'Unmanaged' } | { readonly kind: 'Pending' } | { readonly kind: 'Current'; readonly since?: string };

/**
 * The inputs that were proven and, after a rotation, the time from which the former key may be revoked: once the server
 * runs with the new key, and the URLs that it signed with the former one have expired. The field is absent if restarts
 * of the server are not known. A reported time does not change.
 */
export function rotation(
  fingerprint: string,
  row: Row | undefined,
  context: { readonly previous: Partial<Rotation> | undefined; readonly server: ServerRun },
): Rotation {
  const { rotatedAt } = row ?? {};
  if (rotatedAt === undefined) return { credentialFingerprint: fingerprint };
  const { previous, server } = context;
  const reported = previous?.rotatedAt === rotatedAt ? previous.previousKeySafeToRevokeAfter : undefined;
  const until = reported ?? safeAfter(rotatedAt, server);
  return {
    credentialFingerprint: fingerprint,
    rotatedAt,
    ...(until !== undefined && { previousKeySafeToRevokeAfter: until }),
  };
}

function safeAfter(rotatedAt: string, server: ServerRun): string | undefined {
  // Until a known restart the server may sign with the former key.
  if (server.kind !== 'Current') return undefined;
  // A time in the future is used as it is: if the present clock is the wrong one, correcting it would report "safe" too
  // early.
  const running = server.since === undefined ? 0 : Date.parse(server.since);
  return kubeTime(Math.max(Date.parse(rotatedAt), running) + WRITE_URL_LIFETIME_MS);
}
