import { bucketId } from '../bucket/bucket-id.ts';
import { COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import type { LedgerDraft } from './ledger-draft.ts';
import type { ClaimRecord } from './ledger.ts';

/**
 * Adds a row for a claim that had none, because W&B reached the bucket by its own identity until now. `false` if the
 * file stores with it would be too large or invalid.
 */
export function ensureAmbientRow(draft: LedgerDraft, record: ClaimRecord, maxBytes: number): boolean {
  const bucket = bucketId(record.address);
  if (draft.row(bucket) !== undefined) return true;
  draft.setRow(bucket, {
    address: { ...record.address, path: '' },
    digest: '',
    source: { kind: 'Ambient' },
    provenAt: record.provenAt,
  });
  const fits =
    draft.bytes(draft.written.separator) <= maxBytes &&
    (draft.entryCount === 1 || !draft.hasEntry(COREWEAVE_IDENTITY_ENTRY));
  if (!fits) draft.setRow(bucket, undefined);
  return fits;
}
