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

/** What a reason stands for. */
export interface CheckReason {
  /** Checks that can give it; `any` where each can. */
  readonly checks: readonly CheckName[] | 'any';
  /** The result that it comes with. */
  readonly result: 'Pass' | 'Warn' | 'Fail' | 'Skip' | 'Unknown';
  /**
   * Who must act before another try can succeed: `spec` (only an edit of the
   * object helps), `external` (somebody mends the store, the network or a
   * Secret), `transient` (it passes by itself). Absent where nothing failed.
   */
  readonly class?: 'spec' | 'external' | 'transient';
  /** One sentence. */
  readonly meaning: string;
  /** What usually mends it; empty where nothing has to be mended. */
  readonly remedy: string;
  /** Codes of stores, sockets and TLS that lead to it. */
  readonly codes: readonly string[];
}

/** Every check of this version, in the order in which a person would mend them. */
export const CHECK_NAMES = [
  'NameValid',
  'EndpointAllowed',
  'EndpointReachable',
  'TlsTrusted',
  'ClockInSync',
  'Authenticated',
  'BucketExists',
  'RegionMatches',
  'OwnerMatches',
  'RequesterPaysOff',
  'CanList',
  'ObjectsDeletable',
  'KmsUsable',
  'CanWrite',
  'CanRead',
  'EncryptionMatches',
  'CanDelete',
  'PresignedUrls',
  'MultipartUpload',
  'NotPublic',
  'VersioningEnabled',
  'MixedContent',
  'CorsAllowsApp',
  'IdentityProven',
  'LifecycleSafe',
  'StorageClassReadable',
  'GrantComplete',
  'CredentialLifetime',
  'CaKnownToServer',
  'EndpointPublic',
  'TlsExpiry',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

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
