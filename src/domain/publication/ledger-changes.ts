import type { ClaimState } from './claim-state.ts';
import { isSame, recordId, rowOf, type ClaimRecord, type Ledger } from './ledger.ts';

/** A change of the published bucket of one claim. */
export interface LedgerChange {
  readonly kind: 'Published' | 'Rotated' | 'Removed';
  readonly record: ClaimRecord;
  /** With `Removed`: the bucket stays in the outputs, because other claims use it. */
  readonly isShared?: boolean;
}

/** The changes between two ledgers of one instance, claim by claim. */
export function ledgerChanges(before: Ledger, after: Ledger): readonly LedgerChange[] {
  const [old, now] = [byIdWithout(after, before), byIdWithout(before, after)];
  const removed = [...old]
    .filter(([id]) => !now.has(id))
    .map(([, record]) => ({ kind: 'Removed', record, isShared: isServed(after, record) }) as const);
  const added = [...now].filter(([id]) => !old.has(id)).map(([, record]) => ({ kind: 'Published', record }) as const);
  const rotated = [...now]
    .filter(([id, record]) => isRotated(old.get(id), record) && isSame(before.salt.reveal(), after.salt.reveal()))
    .map(([, record]) => ({ kind: 'Rotated', record }) as const);
  return [...removed, ...added, ...rotated];
}

/** Records that stay although their object is gone, or asks for another bucket since it was created again. */
export function retainedRecords(ledger: Ledger, states: ReadonlyMap<string, ClaimState>): readonly ClaimRecord[] {
  return ledger.claims.filter((record) => {
    const state = states.get(recordId(record));
    return state === 'Retained' || (state === 'LeftBehind' && record.policy !== 'Remove');
  });
}

/** After a recovery the former digest is unknown; that is not reported as a rotation. */
function isRotated(before: ClaimRecord | undefined, { digest }: ClaimRecord): boolean {
  return before?.digest !== undefined && digest !== undefined && before.digest !== digest;
}

function isServed(ledger: Ledger, record: ClaimRecord): boolean {
  return rowOf(ledger, { ...record, hasRow: true }) !== undefined;
}

/** The records of a ledger that are not the very same in the other one: most are, and of these nothing has changed. */
function byIdWithout(other: Ledger, ledger: Ledger): ReadonlyMap<string, ClaimRecord> {
  const same = new Set(other.claims);
  return new Map(ledger.claims.filter((record) => !same.has(record)).map((record) => [recordId(record), record]));
}
