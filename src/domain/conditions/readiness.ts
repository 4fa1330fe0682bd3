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

/** The status of a gate: one of the conditions that determine `Ready`. */
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
  /** Conditions that do not affect Ready. */
  readonly reported: readonly ConditionDraft[];
  /** Reason of Ready when all gates are True. */
  readonly readyReason: ConditionReasonName;
  readonly readyMessage: string;
}

export interface Readiness {
  readonly conditions: readonly Condition[];
  /** Milliseconds until `Reconciling` becomes `Stalled`; absent if that does not happen by itself. */
  readonly stallsInMs?: number;
  /** Start of the present cause for not being Ready, in milliseconds since the epoch. */
  readonly failingSince?: number;
}

/**
 * Computes `Ready`, `Reconciling` and `Stalled` from the gates, by the rules of kstatus: at most one of `Reconciling`
 * and `Stalled` is present, and only while it is True.
 */
export function computeReadiness(input: ReadinessInput): Readiness {
  const blocker =
    input.gates.find((gate) => gate.status === 'False') ?? input.gates.find((gate) => gate.status === 'Unknown');
  const stamp = { generation: input.generation, now: kubeTime(input.now) };
  // A gate of type `Ready` mirrors that of another object; it is no separate condition.
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

/**
 * The published state of a storage that is not Ready but has an entry: W&B keeps using that. On a line of its own, since
 * the message before it often ends with a command.
 */
function stillPublished(gates: readonly GateVerdict[]): string {
  const published = gates.find(({ type, status }) => type === 'Published' && status === 'True');
  return published === undefined || published.reason === 'NoEntryNeeded'
    ? ''
    : `\nStill published: ${published.message}`;
}

/**
 * Start of the present cause. It is read back from `Reconciling` and `Stalled`, so a restart does not begin the wait
 * again; another cause or another generation does.
 */
function sinceWhen(input: ReadinessInput, reason: string): number {
  const ready = findCondition(input.previous, 'Ready');
  const progress = findCondition(input.previous, 'Reconciling') ?? findCondition(input.previous, 'Stalled');
  const same = ready?.reason === reason && progress?.observedGeneration === input.generation;
  const began = same ? recordedTime(Date.parse(progress.lastTransitionTime), input.now) : Number.NaN;
  if (Number.isNaN(began)) return Math.floor(input.now / 1000) * 1000;
  // A Stalled condition began when the wait was over. The length of the wait is not recorded, so the longest is
  // assumed, and the object stays Stalled.
  return progress?.type === 'Stalled' ? began - INTERVALS.stall.reference : began;
}

const UNSEEN = 'Suspended before this object was validated: set spec.suspend to false to validate it.';
const EDITED =
  'The present spec has not been validated, because spec.suspend is true. Set spec.suspend to false to validate it.';
const HELD = 'spec.suspend is true, so the operator does not try again. The last result is kept.';

/** The history of a suspended object, as far as its conditions need it. */
export interface SuspendedInput {
  readonly generation: number;
  readonly now: string;
  /** The last result is for the present spec; `spec.suspend` itself does not count. */
  readonly isJudged: boolean;
  /** A bucket of the object has been proven. */
  readonly wasProven: boolean;
}

/**
 * The conditions of a suspended object. The last result is kept for the spec that it was computed for; for another
 * spec, Ready is Unknown. Without a good result the object is Stalled, so that no tool waits for it.
 */
export function suspendedConditions(previous: readonly Condition[], input: SuspendedInput): readonly Condition[] {
  const kept = previous.filter((one) => one.type === 'Ready' || !isSummary(one));
  const ready = findCondition(kept, 'Ready');
  if (ready?.reason === 'Suspended' && ready.observedGeneration === input.generation) return previous;
  if (ready === undefined || !input.wasProven) return suspended({ status: 'False', message: UNSEEN }, previous, input);
  // If Ready has reason Suspended, the result was already discarded because of an earlier edit.
  if (!input.isJudged || ready.reason === 'Suspended')
    return suspended({ status: 'Unknown', message: EDITED }, previous, input);
  const stalled = { type: 'Stalled', status: 'True', reason: 'Suspended', message: HELD } as const;
  const others = kept.filter(({ type }) => type !== 'Ready').map(asDraft);
  return stampConditions([asDraft(ready), ...(ready.status === 'True' ? [] : [stalled]), ...others], previous, input);
}

/** There is no result for the present spec. Other conditions keep the generation that they were computed for. */
function suspended(
  draft: Pick<ConditionDraft, 'status' | 'message'>,
  previous: readonly Condition[],
  stamp: SuspendedInput,
): readonly Condition[] {
  const summary = [
    { ...draft, type: 'Ready', reason: 'Suspended' },
    { ...draft, type: 'Stalled', status: 'True', reason: 'Suspended' },
  ] as const;
  const others = previous.filter((one) => !isSummary(one));
  return [...stampConditions(summary, previous, stamp), ...others];
}
