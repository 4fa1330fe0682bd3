import type { ConditionReason } from '../conditions/condition-reason.ts';

/** Reasons of `BucketReachable`, `BucketUsable` and `BrowserAccess`, in addition to those of their checks. */
export const BUCKET_GATE_REASONS = {
  Passed: {
    status: 'True',
    meaning: 'Every required check of the gate passed, passed with a warning, or does not apply.',
    remedy: '',
  },
  PassedWithIgnoredChecks: {
    status: 'True',
    meaning: 'The same, without the checks that spec.validation.ignore names.',
    remedy: 'Remove the checks from spec.validation.ignore when they pass.',
  },
  NotReached: {
    status: 'Unknown',
    meaning: 'The bucket has not been probed, because an earlier gate is not open.',
    remedy: 'Fix the gates before this one.',
  },
  NotObserved: {
    status: 'Unknown',
    meaning: 'The probe ended before it could decide a required check. The next probe decides it.',
    remedy: 'Wait for the next probe.',
  },
} as const satisfies Readonly<Record<string, ConditionReason>>;
