import type { BucketFailure } from './bucket-failure.ts';
import type { Result } from '../../base/result.ts';

/** A lifecycle rule, independent of the provider. */
export interface LifecycleRule {
  /** Its name at the store; its number if it has none. */
  readonly name: string;
  /** Prefixes of the keys that it applies to; empty for all keys. */
  readonly prefixes: readonly string[];
  /** It deletes current objects. */
  readonly deletes: boolean;
  /** The archive class to which it moves current objects; they can only be read after a restore. */
  readonly archivesTo?: string;
  /** It deletes versions that are no longer current. */
  readonly expiresVersions: boolean;
}

/** Settings that keep a new object from being deleted. */
export interface Retention {
  /** Such as `default retention of 30 days (COMPLIANCE)`; empty if nothing retains objects. */
  readonly keeps: readonly string[];
}

/** Settings of a bucket, as far as the provider has them. */
export interface BucketSettings {
  readonly retention: Retention;
  readonly versioning: { readonly enabled: boolean };
  readonly softDelete: { readonly enabled: boolean };
  readonly lifecycle: readonly LifecycleRule[];
  /** Versions of probe objects that W&B's grant cannot delete. */
  readonly probeVersions: { readonly count: number; readonly truncated: boolean };
  readonly location: { readonly region?: string };
  readonly requesterPays: { readonly enabled: boolean };
  readonly storageClass: { readonly name: string };
  /** Permissions that W&B's documented role has and this credential lacks. */
  readonly missingPermissions: readonly string[];
  // Read by W&B's server; requested here to see whether they may be read.
  readonly encryption: true;
  readonly cors: true;
}

export type SettingName = keyof BucketSettings;

/** The settings that a probe read; absent if not requested. */
export type SettingsSeen = {
  readonly [Name in SettingName]?: Result<BucketSettings[Name], BucketFailure>;
};
