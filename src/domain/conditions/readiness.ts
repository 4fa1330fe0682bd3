import {
  asDraft,
  findCondition,
  kubeTime,
  stampConditions,
  type Condition,
  type ConditionDraft,
} from './conditions.ts';
import { isSummary } from './condition-table.ts';
import { INTERVALS } from '../intervals.ts';
import type { ConditionReasonName } from './reasons.ts';
import type { FailureClass } from './failure-class.ts';
import { recordedTime } from '../../base/recorded-time.ts';

/** A gate's verdict: one of the conditions that decide `Ready`. */
export interface GateVerdict extends ConditionDraft {
  /** With status False or Unknown: who must act. */
  readonly failureClass?: FailureClass;
}

export interface ReadinessInput {
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly previous: readonly Condition[];
  /** In the order in which an administrator would fix them. */
  readonly gates: readonly GateVerdict[];
  /** Reported, never gating. */
  readonly reported: readonly ConditionDraft[];
  /** Reason of Ready when all gates are True. */
  readonly readyReason: ConditionReasonName;
  readonly readyMessage: string;
}

export interface Readiness {
  readonly conditions: readonly Condition[];
  /** Until `Reconciling` turns into `Stalled`; absent when nothing turns by itself. */
  readonly stallsInMs?: number;
  /** Since when the present cause keeps the object from being Ready, in milliseconds since the epoch. */
  readonly failingSince?: number;
}

/**
 * Computes `Ready` and the kstatus pair from the gates: Ready is never set by
 * hand. Of `Reconciling` and `Stalled` at most one is present, and only when True.
 */
export function computeReadiness(input: ReadinessInput): Readiness {
  const blocker =
    input.gates.find((gate) => gate.status === 'False') ?? input.gates.find((gate) => gate.status === 'Unknown');
  const stamp = { generation: input.generation, now: kubeTime(input.now) };
  // A gate that is itself a `Ready` mirrors that of another object and is no condition of its own.
  const rest: readonly ConditionDraft[] = [...input.gates.filter((gate) => gate.type !== 'Ready'), ...input.reported];
  if (blocker === undefined) {
    const ready = { type: 'Ready', status: 'True', reason: input.readyReason, message: input.readyMessage } as const;
    return { conditions: stampConditions([ready, ...rest], input.previous, stamp) };
  }
  const message = `${blocker.message}${stillPublished(input.gates)}`;
  const ready = { type: 'Ready', status: blocker.status, reason: blocker.reason, message };
  const failingSince = sinceWhen(input, blocker.reason);
  const stallsInMs = failingSince + INTERVALS.stall[blocker.failureClass ?? 'transient'] - input.now;
  const progress: ConditionDraft =
    stallsInMs > 0
      ? { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message: blocker.message }
      : { type: 'Stalled', status: 'True', reason: blocker.reason, message: blocker.message };
  const conditions = stampConditions([ready, progress, ...rest], input.previous, stamp).map((condition) =>
    condition.type === 'Reconciling' ? { ...condition, lastTransitionTime: kubeTime(failingSince) } : condition,
  );
  return { conditions, failingSince, ...(stallsInMs > 0 && { stallsInMs }) };
}

/** The main fact of a storage that is not Ready, where something stands for it: W&B goes on with that. */
function stillPublished(gates: readonly GateVerdict[]): string {
  const published = gates.find(({ type, status }) => type === 'Published' && status === 'True');
  return published === undefined || published.reason === 'NoEntryNeeded'
    ? ''
    : ` Still published: ${published.message}`;
}

/**
 * When the present cause began. It is read back from `Reconciling` and
 * `Stalled`, so that a restart does not start the wait again; another cause or
 * another generation does.
 */
function sinceWhen(input: ReadinessInput, reason: string): number {
  const ready = findCondition(input.previous, 'Ready');
  const progress = findCondition(input.previous, 'Reconciling') ?? findCondition(input.previous, 'Stalled');
  const same = ready?.reason === reason && progress?.observedGeneration === input.generation;
  const began = same ? recordedTime(Date.parse(progress.lastTransitionTime), input.now) : Number.NaN;
  if (Number.isNaN(began)) return Math.floor(input.now / 1000) * 1000;
  // A Stalled condition began when the wait was over. How long that was is not recorded, so the longest is assumed:
  // the object stays Stalled.
  return progress?.type === 'Stalled' ? began - INTERVALS.stall.reference : began;
}

const UNSEEN = 'Suspended before this object was validated: set spec.suspend to false to validate it.';
const EDITED =
  'The present spec has not been validated: spec.suspend keeps the operator from it. Set spec.suspend to false to validate it.';
const HELD = 'spec.suspend keeps the operator from trying again: the last verdict stands.';

/** What a suspended object has been through. */
export interface SuspendedInput {
  readonly generation: number;
  readonly now: string;
  /** The last verdict was about the present spec, `spec.suspend` itself apart. */
  readonly isJudged: boolean;
  /** A bucket of the object was proven once. */
  readonly wasProven: boolean;
}

/**
 * The conditions of a suspended object. The last verdict is kept for the spec
 * that it is about; of another spec nothing is known. Without a good one it is
 * Stalled, so that nobody waits for it.
 */
export function suspendedConditions(previous: readonly Condition[], input: SuspendedInput): readonly Condition[] {
  const kept = previous.filter((one) => one.type === 'Ready' || !isSummary(one));
  const ready = findCondition(kept, 'Ready');
  if (ready?.reason === 'Suspended' && ready.observedGeneration === input.generation) return previous;
  if (ready === undefined || !input.wasProven) return suspended({ status: 'False', message: UNSEEN }, previous, input);
  // Where Ready says Suspended, the verdict was given up for an earlier edit.
  if (!input.isJudged || ready.reason === 'Suspended')
    return suspended({ status: 'Unknown', message: EDITED }, previous, input);
  const stalled = { type: 'Stalled', status: 'True', reason: 'Suspended', message: HELD } as const;
  const others = kept.filter(({ type }) => type !== 'Ready').map(asDraft);
  return stampConditions([asDraft(ready), ...(ready.status === 'True' ? [] : [stalled]), ...others], previous, input);
}

/** No verdict about the present spec; what else was found stays with the generation that it was found for. */
function suspended(
  said: Pick<ConditionDraft, 'status' | 'message'>,
  previous: readonly Condition[],
  stamp: SuspendedInput,
): readonly Condition[] {
  const summary = [
    { ...said, type: 'Ready', reason: 'Suspended' },
    { ...said, type: 'Stalled', status: 'True', reason: 'Suspended' },
  ] as const;
  const others = previous.filter((one) => !isSummary(one));
  return [...stampConditions(summary, previous, stamp), ...others];
}
