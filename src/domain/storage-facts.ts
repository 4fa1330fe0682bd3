import { boundBucketOf, displayBucket, type BoundBucket } from './bucket-identity.ts';
import { kubeTime } from './conditions.ts';
import { redactedAddress } from './file-store-address.ts';
import { declaredSignIn } from './identity-ref.ts';
import type { LedgerStore } from './ledger.ts';
import { principalOf, type SignIn } from './sign-in.ts';
import { regionOf, type BucketStorage } from './storage.ts';

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

/** `signIn`: what the bucket is proven with, once that is known. */
export function storageFacts(storage: BucketStorage, signIn: SignIn | undefined): StorageFacts {
  const region = regionOf(storage);
  return {
    provider: storage.provider,
    bucket: displayBucket(storage),
    ...(region !== undefined && { region }),
    address: redactedAddress(storage),
    credentialMode: declaredSignIn(storage).kind,
    ...(signIn !== undefined && { principal: principalOf(signIn) }),
  };
}

/**
 * The bucket that the claim is bound to. Once set it stays under `Forbid`; the
 * ledger restores it after a restore without status.
 */
export function boundBucket(
  previous: BoundBucket | undefined,
  store: LedgerStore | undefined,
  changePolicy: 'Forbid' | 'Allow',
): BoundBucket | undefined {
  if (previous !== undefined && changePolicy === 'Forbid') return previous;
  return store === undefined ? previous : boundBucketOf(store.storage);
}

export interface Rotation {
  readonly credentialFingerprint: string;
  readonly previousKeySafeToRevokeAfter?: string;
}

/** Names the inputs that were proven and, after a rotation, from when the key before may be revoked. */
export function rotation(fingerprint: string, store: LedgerStore | undefined): Rotation {
  if (store?.rotatedAt === undefined) return { credentialFingerprint: fingerprint };
  const until = kubeTime(Date.parse(store.rotatedAt) + WRITE_URL_LIFETIME_MS);
  return { credentialFingerprint: fingerprint, previousKeySafeToRevokeAfter: until };
}
