import type { ConditionReason } from '../conditions/condition-reason.ts';

/** Reasons of `Ready` that do not come from a gate. */
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

/** Reasons of `Reconciling`; `Stalled` has the reason of `Ready`. */
export const RECONCILING_REASONS = {
  ProgressingWithRetry: {
    status: 'True',
    meaning: 'The object is not Ready, for a cause that may pass by itself. The message names it.',
    remedy: 'Read the message of Ready.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;

/** Reasons for `Ready` not being True although no gate is the cause. */
export const STATUS_REASONS = {
  Suspended: {
    status: 'False or Unknown',
    meaning:
      'The operator does not validate the object, because spec.suspend is true. False if it was never proven, Unknown if the spec was edited since the last validation.',
    remedy: 'Set spec.suspend to false.',
  },
  StatusRefused: {
    status: 'Unknown',
    meaning:
      'The API server refused the full status of the object; the message names the field. What is published is not affected.',
    remedy: "Upgrade the CRDs if they are older than the operator; otherwise report it with the operator's log.",
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;
