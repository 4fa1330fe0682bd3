import { bucketId } from '../bucket/bucket-id.ts';
import type { LedgerDraft } from './ledger-draft.ts';
import { claimId, recordId } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';
import { provesTheSame, type ProvenClaim } from './place-proof.ts';

/**
 * Whether another active claim was published on the bucket of a claim, has no record now and has not proven the same
 * credential. By its status only, because ledger and listing were lost together.
 */
export function isAwaited(
  claim: ProvenClaim,
  known: { readonly draft: LedgerDraft; readonly live: readonly LiveClaim[]; readonly instance: string },
): boolean {
  const bucket = bucketId(claim.proof.storage);
  return known.live.some((other) => {
    const { kind, resolves, wasBound, suspended, proof } = other;
    if (kind !== 'TeamStorage' || !wasBound || suspended || claimId(other) === claimId(claim)) return false;
    if (typeof resolves === 'string' || resolves.instance !== known.instance) return false;
    return (
      bucketId(resolves.storage) === bucket &&
      known.draft.record(recordId({ ...other, address: resolves.storage })) === undefined &&
      !provesTheSame(proof, claim.proof)
    );
  });
}
