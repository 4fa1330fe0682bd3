/**
 * The failure catalogue of the checks: one vocabulary for status, events, logs,
 * metric labels, the CLI and `docs/reference/checks.md`.
 */
import { BUCKET_REASONS } from './bucket-reasons.ts';
import { BROWSER_REASONS } from './browser-reasons.ts';
import { COMMON_REASONS } from './common-reasons.ts';
import { ENDPOINT_REASONS } from './endpoint-reasons.ts';
import { IDENTITY_REASONS } from './identity-reasons.ts';
import { KMS_REASONS } from './kms-reasons.ts';
import { SETTINGS_REASONS } from './settings-reasons.ts';
import type { CheckReason } from './check-reason.ts';

/** Every reason that a check can give, by name. */
export const CHECK_REASONS = {
  ...COMMON_REASONS,
  ...ENDPOINT_REASONS,
  ...BUCKET_REASONS,
  ...KMS_REASONS,
  ...SETTINGS_REASONS,
  ...BROWSER_REASONS,
  ...IDENTITY_REASONS,
} as const satisfies Readonly<Record<string, CheckReason>>;
export type CheckReasonName = keyof typeof CHECK_REASONS;

/** What stands behind a reason; `undefined` for one that this version does not know. */
export function checkReason(name: string): CheckReason | undefined {
  return (CHECK_REASONS as Readonly<Record<string, CheckReason>>)[name];
}
