import type { FailureClass } from './failure-class.ts';

/** The documentation of a condition's reason. */
export interface ConditionReason {
  /** The status that the condition has with it. */
  readonly status: 'True' | 'False' | 'Unknown' | 'False or Unknown';
  /** Who must act; a list if it depends on the cause. Absent if no action is needed. */
  readonly class?: FailureClass | readonly FailureClass[];
  /** What the operator found. */
  readonly meaning: string;
  /** What usually fixes it; empty if nothing has to be fixed. */
  readonly remedy: string;
}

/** A reason of a condition that is reported only. */
export interface ReportedReason extends ConditionReason {
  readonly condition: 'Delivered' | 'RolledOut' | 'Provisioned' | 'FileStoresFilling';
}
