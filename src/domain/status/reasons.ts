import type { ConditionReason } from '../conditions/condition-reason.ts';

/** Reasons of `Ready` that no gate gives it. */
export const READY_REASONS = {
  Valid: {
    status: 'True',
    meaning: 'All gates are open.',
    remedy: '',
  },
  ValidWithIgnoredChecks: {
    status: 'True',
    meaning: 'All gates are open; spec.validation.ignore leaves out required checks.',
    remedy: 'Remove the checks from spec.validation.ignore when they pass.',
  },
  InstanceNotReady: {
    status: 'False or Unknown',
    class: 'reference',
    meaning: 'The team is on the instance bucket, and the InstanceStorage is not Ready.',
    remedy: 'Fix the InstanceStorage.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;

/** Reasons of `Reconciling`; `Stalled` has that of `Ready`. */
export const RECONCILING_REASONS = {
  ProgressingWithRetry: {
    status: 'True',
    meaning: 'Something keeps the object from being Ready and may still pass by itself; the message says what.',
    remedy: 'Read the message of Ready.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;

/** Why `Ready` is not True although no gate says so. */
export const STATUS_REASONS = {
  Suspended: {
    status: 'False or Unknown',
    meaning:
      'spec.suspend keeps the operator from looking at the bucket: False when it was never proven, Unknown when the spec was edited since the last verdict.',
    remedy: 'Set spec.suspend to false.',
  },
  StatusRefused: {
    status: 'Unknown',
    meaning:
      "The API server took the object's status only without what was found; the message names the field. What is published is not touched by this.",
    remedy: "Upgrade the CRDs if they are older than the operator; otherwise report it with the operator's log.",
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;
