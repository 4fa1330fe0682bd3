import { bucketId } from './bucket-identity.ts';
import { fileStoreEntry } from './file-store-address.ts';
import { byClaim, compare, type LedgerStore } from './ledger.ts';
import type { BucketStorage } from './storage.ts';

/** Linux refuses to start a process with one environment string over 128 KiB (`MAX_ARG_STRLEN`); some room for the name. */
export const MAX_FILE_STORES_BYTES = 128 * 1024 - 256;

/** Where the W&B server runs: it decides which providers it reaches by its own identity. */
export type DeploymentCloud = 'AWS' | 'GCP' | 'Azure' | 'CoreWeave' | 'OnPremises';

/**
 * Whether W&B needs an entry to reach this bucket: with published credentials,
 * or on a provider that is not native to the deployment's cloud (design 6).
 */
export function needsEntry(storage: BucketStorage, cloud: DeploymentCloud): boolean {
  return storage.credentials.kind !== 'Ambient' || NATIVE_CLOUD[storage.provider] !== cloud;
}

/** Where W&B reaches a provider by the identity of its own workload. CoreWeave is offered only by an entry, even there. */
const NATIVE_CLOUD: Readonly<Record<BucketStorage['provider'], DeploymentCloud | undefined>> = {
  S3: 'AWS',
  GCS: 'GCP',
  AzureBlob: 'Azure',
  S3Compatible: undefined,
  CoreWeave: undefined,
};

/**
 * The entries in canonical order, one for each bucket. Where claims share a
 * bucket and one of them has already proven a rotated key, the newer key wins:
 * the others are about to prove the same.
 */
export function fileStoreEntries(stores: readonly LedgerStore[], cloud: DeploymentCloud): readonly string[] {
  const newest = new Map<string, LedgerStore>();
  for (const store of [...stores].sort(byClaim)) {
    if (store.claim.kind !== 'TeamStorage' || !needsEntry(store.storage, cloud)) continue;
    const id = bucketId(store.storage);
    const other = newest.get(id);
    if (other === undefined || isNewer(store, other)) newest.set(id, store);
  }
  // CoreWeave by identity is one text, whatever the bucket.
  return [...new Set([...newest.values()].map((store) => fileStoreEntry(store.storage, store.credential)))].sort(
    compare,
  );
}

function isNewer(store: LedgerStore, other: LedgerStore): boolean {
  if (store.retained !== other.retained) return other.retained;
  return compare(store.provenAt, other.provenAt) > 0;
}
