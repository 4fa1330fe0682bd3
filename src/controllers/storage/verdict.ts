import type { ConditionReasonName } from '../../domain/conditions/reasons.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import type { ClaimRecord } from '../../domain/publication/ledger.ts';
import type { Findings } from './findings.ts';
import type { StorageObject } from './resolved-storage.ts';

/** The conditions of one object, and the message of Ready if all gates among them are True. */
export interface Verdict {
  /** In any order; the table of conditions defines which are gates. */
  readonly conditions: readonly GateVerdict[];
  readonly readyReason: ConditionReasonName;
  readonly readyMessage: string;
}

/** The record by which the object is bound. */
export function recordOf<T extends StorageObject>({ published }: Findings<T>): ClaimRecord | undefined {
  return published?.claim?.record;
}
