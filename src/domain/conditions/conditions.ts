import { createTextSharing } from '../../base/sharing.ts';
import type { ConditionReasonName } from './reasons.ts';

/** `metav1.Condition`. Times are RFC 3339 with seconds. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
  readonly lastTransitionTime: string;
}

export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** A condition before it has a generation and a time. */
export interface ConditionDraft {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: ConditionReasonName | ForeignReason;
  readonly message: string;
}

declare const foreign: unique symbol;
/** A reason from outside the catalogue: of a check, or read from a status that another version may have written. */
export type ForeignReason = string & { readonly [foreign]: true };

/** Accepts a reason from outside the catalogue. Literals belong in the catalogue instead. */
export function foreignReason(reason: string): ForeignReason {
  return reason as ForeignReason;
}

/** A recorded condition as a draft, to be written again unchanged. */
export function asDraft({ type, status, reason, message }: Condition): ConditionDraft {
  return { type, status, reason: foreignReason(reason), message };
}

/** `metav1.Condition` allows 32 KiB; this is as much as is readable. */
const MAX_MESSAGE = 2048;

/** The condition of a type, if the list has it. */
export function findCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** The recorded condition of a type as a draft, if the list has it. */
export function recordedDraft(conditions: readonly Condition[], type: string): ConditionDraft | undefined {
  const found = findCondition(conditions, type);
  return found === undefined ? undefined : asDraft(found);
}

/**
 * Adds generation and times to drafts: `lastTransitionTime` changes only when `status` does. Types without a draft are
 * left out of the result.
 */
export function stampConditions(
  drafts: readonly ConditionDraft[],
  previous: readonly Condition[],
  stamp: { readonly generation: number; readonly now: string },
): readonly Condition[] {
  return drafts.map((draft) => {
    const before = findCondition(previous, draft.type);
    return {
      type: draft.type,
      status: draft.status,
      reason: draft.reason,
      message: truncate(draft.message),
      observedGeneration: stamp.generation,
      lastTransitionTime: before?.status === draft.status ? before.lastTransitionTime : stamp.now,
    };
  });
}

function truncate(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}

/** Thousands of conditions and proofs are of the same second. */
const shareTime = createTextSharing();

/** Milliseconds to the RFC 3339 form of `metav1.Time`. */
export function kubeTime(milliseconds: number): string {
  return shareTime(new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z'));
}
