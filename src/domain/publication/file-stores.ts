import type { CredentialsRef } from '../credentials/refs.ts';
import { onceFor } from '../../base/once-for.ts';
import type { BucketAddress } from '../bucket/storage.ts';
import { fileStoreEntry } from './file-store-address.ts';
import { compare, type FileStoresFormat, type Row } from './ledger.ts';

/**
 * Linux does not start a process with an environment string over 128 KiB (`MAX_ARG_STRLEN`). 256 bytes are left for the
 * name.
 */
export const MAX_FILE_STORES_BYTES = 128 * 1024 - 256;

/** Where the W&B server runs. It determines which providers the server reaches by its own identity. */
export type DeploymentCloud = 'AWS' | 'GCP' | 'Azure' | 'CoreWeave' | 'OnPremises';

/** The cloud on which W&B reaches a provider by the identity of its own workload. CoreWeave always needs an entry. */
const NATIVE_CLOUD: Readonly<Record<BucketAddress['provider'], DeploymentCloud | undefined>> = {
  S3: 'AWS',
  GCS: 'GCP',
  AzureBlob: 'Azure',
  S3Compatible: undefined,
  CoreWeave: undefined,
};

/**
 * Whether W&B needs an entry to reach a team's bucket: with published
 * credentials, or on a provider that is not native to the deployment's cloud.
 */
export function needsEntry(
  { provider }: Pick<BucketAddress, 'provider'>,
  mode: CredentialsRef['kind'],
  cloud: DeploymentCloud,
): boolean {
  return mode !== 'Ambient' || NATIVE_CLOUD[provider] !== cloud;
}

/** A row as an entry of the file-stores variable. */
export const entryOf = onceFor(({ address, credential }: Row): string => fileStoreEntry(address, credential));

/** The entries in canonical order. CoreWeave by identity is one text for all buckets. */
export function fileStoreEntries(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.map(entryOf))].sort(compare);
}

/** The value of the file-stores variables. */
export function fileStoresValue(rows: readonly Row[], { separator }: FileStoresFormat): string {
  return fileStoreEntries(rows).join(separator);
}

/** The entries of a value with any separator: entries are percent-encoded and contain none. */
export function splitFileStores(value: string): readonly string[] {
  return value.split(/[,; |]/).filter((entry) => entry !== '');
}
