import { boundBucketOf, displayBucket, type BoundBucket } from './bucket-identity.ts';
import { kubeTime } from './conditions.ts';
import { redactedAddress } from './file-store-address.ts';
import type { LedgerStore } from './ledger.ts';
import type { BucketStorage, Credential } from './storage.ts';

/** Pre-signed write URLs that W&B gave out live this long, signed by the key of their time. */
const WRITE_URL_LIFETIME_MS = 24 * 3_600_000;

/** The descriptive part of a status: what the storage is, apart from any verdict. */
export interface StorageFacts {
  readonly provider: string;
  readonly bucket: string;
  readonly region: string;
  readonly address: string;
  readonly credentialMode: string;
  readonly principal?: string;
}

export function storageFacts(storage: BucketStorage, credential: Credential | undefined): StorageFacts {
  return {
    provider: storage.provider,
    bucket: displayBucket(storage),
    region: storage.region,
    address: redactedAddress(storage, storage.credentials.kind),
    credentialMode: storage.credentials.kind,
    ...(credential !== undefined && { principal: `access key ${maskKeyId(credential.accessKeyId)}` }),
  };
}

/** Enough of a key id to tell two apart, not enough to be one. */
export function maskKeyId(accessKeyId: string): string {
  return accessKeyId.length < 8 ? '***' : `${accessKeyId.slice(0, 4)}***${accessKeyId.slice(-2)}`;
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
