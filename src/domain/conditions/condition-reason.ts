import type { FailureClass } from './failure-class.ts';

/** What a reason of a condition stands for. */
export interface ConditionReason {
  /** The status that it comes with. */
  readonly status: 'True' | 'False' | 'Unknown' | 'False or Unknown';
  /** Who must act; a list where it depends on what was found. Absent where nothing waits for it. */
  readonly class?: FailureClass | readonly FailureClass[];
  /** What was found. */
  readonly meaning: string;
  /** What usually fixes it; empty where nothing has to be fixed. */
  readonly remedy: string;
}

/** A reason of a condition that is reported and gates nothing. */
export interface ReportedReason extends ConditionReason {
  readonly condition: 'Delivered' | 'RolledOut' | 'Provisioned' | 'FileStoresFilling';
}
