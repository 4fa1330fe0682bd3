import { bucketId } from '../bucket/bucket-id.ts';
import { COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import type { LedgerDraft } from './ledger-draft.ts';
import { isSame, recordId, type ClaimRecord, type Row } from './ledger.ts';
import type { ProvenClaim } from './place-proof.ts';
import type { Proof } from './proof.ts';
import { takesEntry } from './takes-entry.ts';

/** The record and the row of each proof that was placed. Records and rows are replaced and never changed. */
const placed = new WeakMap<Proof, { readonly record: ClaimRecord; readonly row: Row | undefined }>();

/**
 * Whether the proof was placed before, and placing it again would change nothing: most proofs of a run are those of
 * earlier runs. What a record holds of its claim is brought up to date before proofs are placed.
 */
export function isStillPlaced(
  draft: LedgerDraft,
  claim: ProvenClaim,
  context: Parameters<typeof takesEntry>[2],
): boolean {
  const before = placed.get(claim.proof);
  // An entry that must be the only one may be refused later.
  if (before === undefined || draft.hasEntry(COREWEAVE_IDENTITY_ENTRY)) return false;
  const { record, row } = before;
  if (recordOf(draft, claim) !== record || rowIn(draft, record) !== row) return false;
  // It may need an entry since the cloud of the server changed.
  return claim.kind === 'InstanceStorage' || takesEntry(claim.proof.storage, record, context) === record.hasRow;
}

/** To be called when the proof was placed. */
export function rememberPlaced(draft: LedgerDraft, claim: ProvenClaim): void {
  const record = recordOf(draft, claim);
  if (record === undefined) return;
  const row = rowIn(draft, record);
  // The source of a row follows the claims that use it, also when the row is the same.
  if (row === undefined || isSame(row.source, claim.proof.storage.credentials))
    placed.set(claim.proof, { record, row });
}

function recordOf(draft: LedgerDraft, { kind, name, proof }: ProvenClaim): ClaimRecord | undefined {
  return draft.record(recordId({ kind, name, address: proof.storage }));
}

function rowIn(draft: LedgerDraft, { kind, hasRow, address }: ClaimRecord): Row | undefined {
  if (kind === 'InstanceStorage') return draft.slot;
  return hasRow ? draft.row(bucketId(address)) : undefined;
}
