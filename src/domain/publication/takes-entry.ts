import type { BucketStorage } from '../bucket/storage.ts';
import { needsEntry, type DeploymentCloud } from './file-stores.ts';
import type { ClaimRecord } from './ledger.ts';

/**
 * Whether a proven bucket gets an entry. While the instance is frozen, the earlier decision for an identity is kept.
 */
export function takesEntry(
  storage: BucketStorage,
  before: ClaimRecord | undefined,
  { cloud, isFrozen }: { readonly cloud: DeploymentCloud; readonly isFrozen: boolean },
): boolean {
  const { kind } = storage.credentials;
  const isDecided = isFrozen && kind === 'Ambient' && before?.mode === kind;
  return isDecided ? before.hasRow : needsEntry(storage, kind, cloud);
}
