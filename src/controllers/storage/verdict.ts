import type { ConditionReasonName } from '../../domain/conditions/reasons.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { claimId, type ClaimRecord } from '../../domain/publication/ledger.ts';
import type { Findings } from './findings.ts';
import type { StorageObject } from './resolved-storage.ts';

/** How the gates of one kind stand, and what Ready says when all are open. */
export interface Verdict {
  readonly gates: readonly GateVerdict[];
  readonly readyReason: ConditionReasonName;
  readonly readyMessage: string;
}

/** What the published config holds for the object. */
export function publicationOf<T extends StorageObject>({
  publication,
  subject,
}: Findings<T>): ClaimPublication | undefined {
  const { kind, metadata } = subject.object;
  return publication?.claims.get(claimId({ kind, name: metadata.name }));
}

/** The record by which the object is bound. */
export function recordOf<T extends StorageObject>(findings: Findings<T>): ClaimRecord | undefined {
  return publicationOf(findings)?.record;
}
