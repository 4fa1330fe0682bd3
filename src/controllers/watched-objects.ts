import type { PartialObject } from '../api/object.ts';
import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import type { Sanitized } from '../domain/spec/sanitize-spec.ts';
import type { WatchedCache } from '../ports/kube.ts';
import type { InstanceIndex, TeamIndex } from './storage/indexes.ts';

/** All objects that the operator watches. Secrets and ConfigMaps by metadata only. */
export interface WatchedObjects {
  /** Sanitized: their specs have the form of their types, even if admission was bypassed. */
  readonly instances: WatchedCache<Sanitized<InstanceStorage>, InstanceIndex>;
  readonly teams: WatchedCache<Sanitized<TeamStorage>, TeamIndex>;
  /** Secrets that storages may refer to. */
  readonly allowedSecrets: WatchedCache<PartialObject>;
  /** Secrets that the operator wrote. */
  readonly managedSecrets: WatchedCache<PartialObject>;
  readonly configMaps: WatchedCache<PartialObject>;
}
