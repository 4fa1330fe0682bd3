import type { KubeObject, PartialObject } from '../api/object.ts';
import { MANAGED_BY_LABEL, MANAGER, type InstanceStorage, type TeamStorage } from '../api/resources.ts';
import { INSTANCE_INDEXES, TEAM_INDEXES, type InstanceIndex, type TeamIndex } from '../controllers/storage/indexes.ts';
import type { WatchedObjects } from '../controllers/watched-objects.ts';
import { sanitizeInstance, sanitizeTeam, type Sanitized } from '../domain/spec/sanitize-spec.ts';
import { createObjectCache, type ObjectCache } from '../kube/object-cache.ts';

export interface MemoryWatches extends WatchedObjects {
  readonly instances: ObjectCache<Sanitized<InstanceStorage>, InstanceIndex>;
  readonly teams: ObjectCache<Sanitized<TeamStorage>, TeamIndex>;
}

/** The operator's caches, filled with the given objects. */
export function createMemoryWatches(objects: readonly KubeObject[]): MemoryWatches {
  const instances = createObjectCache<Sanitized<InstanceStorage>, InstanceIndex>({ indexes: INSTANCE_INDEXES });
  const teams = createObjectCache<Sanitized<TeamStorage>, TeamIndex>({ indexes: TEAM_INDEXES });
  const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
  // Sanitized once, not by the caches: a status is put into them later, and must not drop what is known to be wrong.
  instances.writer.replace(ofKind('InstanceStorage').map((object) => sanitizeInstance(object as InstanceStorage)));
  teams.writer.replace(ofKind('TeamStorage').map((object) => sanitizeTeam(object as TeamStorage)));
  const secrets = ofKind('Secret');
  return {
    instances,
    teams,
    allowedSecrets: filled(secrets),
    managedSecrets: filled(secrets.filter(({ metadata }) => metadata.labels?.[MANAGED_BY_LABEL] === MANAGER)),
    configMaps: filled(ofKind('ConfigMap')),
  };
}

function filled(objects: readonly PartialObject[]): ObjectCache<PartialObject> {
  const cache = createObjectCache<PartialObject>();
  cache.writer.replace(objects);
  return cache;
}
