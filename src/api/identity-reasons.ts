import type { CheckReason } from './check-reasons.ts';

/** Reasons about who signs in, where that is no plain key. */
export const IDENTITY_REASONS = {
  ProvenAsOther: {
    checks: ['IdentityProven'],
    result: 'Warn',
    meaning:
      'The bucket was proven by another principal than W&B will be: what that one may do says nothing sure of what W&B may do.',
    remedy: 'Give W&B the same grants, or prove as W&B itself and remove spec.validation.credentialsFrom.',
    codes: [],
  },
} as const satisfies Readonly<Record<string, CheckReason>>;
