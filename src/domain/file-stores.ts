import { FileStoreSet } from './file-store-set.ts';
import type { LedgerStore } from './ledger.ts';
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

/** The set of entries that a ledger's stores make. */
export function fileStoreSet(stores: Iterable<LedgerStore>, cloud: DeploymentCloud): FileStoreSet {
  const set = new FileStoreSet();
  for (const store of stores) if (hasEntry(store, cloud)) set.add(store);
  return set;
}

/** The entries in canonical order, one for each bucket. */
export function fileStoreEntries(stores: Iterable<LedgerStore>, cloud: DeploymentCloud): readonly string[] {
  return fileStoreSet(stores, cloud).entries();
}

/** Whether a store stands among the file stores: the instance bucket has variables of its own. */
export function hasEntry(store: LedgerStore, cloud: DeploymentCloud): boolean {
  return store.claim.kind === 'TeamStorage' && needsEntry(store.storage, cloud);
}
