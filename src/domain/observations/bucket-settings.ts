import type { BucketFailure } from './bucket-failure.ts';
import type { Result } from '../../base/result.ts';

/** A rule that does something to objects by itself, in the words of no provider. */
export interface LifecycleRule {
  /** As the store names it; its number where it has no name. */
  readonly name: string;
  /** Prefixes of the keys that it is for; none for all keys. */
  readonly prefixes: readonly string[];
  /** It deletes current objects. */
  readonly deletes: boolean;
  /** Class that can only be read after a restore, to which it moves current objects. */
  readonly archivesTo?: string;
  /** It deletes versions that are no longer current. */
  readonly expiresVersions: boolean;
}

/** What keeps an object from being deleted as soon as it is written. */
export interface Retention {
  /** Such as `default retention of 30 days (COMPLIANCE)`; none where nothing keeps objects. */
  readonly keeps: readonly string[];
}

/** Settings of a bucket, as far as a driver asks for them. */
export interface BucketSettings {
  readonly retention: Retention;
  readonly versioning: { readonly enabled: boolean };
  readonly softDelete: { readonly enabled: boolean };
  readonly lifecycle: readonly LifecycleRule[];
  /** What probes left under their prefix that W&B's grant cannot delete. */
  readonly probeVersions: { readonly count: number; readonly truncated: boolean };
  readonly location: { readonly region?: string };
  readonly requesterPays: { readonly enabled: boolean };
  readonly storageClass: { readonly name: string };
  /** Permissions that W&B's documented role has, and this credential has not. */
  readonly missingPermissions: readonly string[];
  // Read by W&B's server; asked for to see whether they may be read.
  readonly encryption: true;
  readonly cors: true;
}

export type SettingName = keyof BucketSettings;

/** What a probe saw of the settings; absent what was not asked for. */
export type SettingsSeen = {
  readonly [Name in SettingName]?: Result<BucketSettings[Name], BucketFailure>;
};
