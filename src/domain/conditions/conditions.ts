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
/** A reason from elsewhere: one that a check gives, or that a status holds, which another version may have written. */
export type ForeignReason = string & { readonly [foreign]: true };

/** Takes a reason that is not of this catalogue; a literal belongs into the catalogue instead. */
export function foreignReason(reason: string): ForeignReason {
  return reason as ForeignReason;
}

/** A condition that was written before, to be written again. */
export function asDraft({ type, status, reason, message }: Condition): ConditionDraft {
  return { type, status, reason: foreignReason(reason), message };
}

/** Longest message that `metav1.Condition` takes is 32 KiB; people read far less. */
const MAX_MESSAGE = 2048;

/** The condition of a type, if the list has it. */
export function findCondition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

/** The same for the condition of a type, if the list has it. */
export function recordedDraft(conditions: readonly Condition[], type: string): ConditionDraft | undefined {
  const found = findCondition(conditions, type);
  return found === undefined ? undefined : asDraft(found);
}

/**
 * Dates drafts: `lastTransitionTime` moves only when `status` does. Types that
 * have no draft are left out of the result.
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

/** Milliseconds to the RFC 3339 form of `metav1.Time`. */
export function kubeTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
