import type { ClaimKind } from './ledger.ts';

/** Facts that were read from the API server, not from a cache, before a record leaves. */
export interface RemovalEvidence {
  /** Claims (`claimId`) whose object is gone, by the removal check. */
  readonly gone: ReadonlySet<string>;
  /** Claims whose object was seen at the generation from which the state was derived. */
  readonly confirmed: ReadonlySet<string>;
  /** Kinds that are no longer served: their records stay for good. */
  readonly unserved: ReadonlySet<ClaimKind>;
}

export const NO_EVIDENCE: RemovalEvidence = { gone: new Set(), confirmed: new Set(), unserved: new Set() };

export function hasEvidence({ gone, confirmed, unserved }: RemovalEvidence): boolean {
  return gone.size + confirmed.size + unserved.size > 0;
}
