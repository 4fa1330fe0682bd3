import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import { findCondition } from '../domain/conditions.ts';
import { instanceOfTeam } from '../domain/instance-settings.ts';
import type { Neighbour, Surroundings } from '../domain/isolation.ts';
import { parseBucket, parsePath } from '../domain/parse-bucket.ts';
import { physicalBucket } from '../domain/physical-bucket.ts';
import type { BucketStorage } from '../domain/storage.ts';
import type { IndexedCache, ObjectCache } from '../ports/kube.ts';
import { sourceKey, type TeamIndex } from './indexes.ts';

interface Caches {
  readonly instances: ObjectCache<InstanceStorage>;
  readonly teams: IndexedCache<TeamStorage, TeamIndex>;
}

/** Teams on a bucket (`physicalBucket`), by a spec of their own or by another's. */
export function teamsOn(bucket: string, { instances, teams }: Caches): readonly TeamStorage[] {
  const owners = teams.by('bucket', bucket);
  const instancesOn = instances.list().filter((instance) => bucketOf(instance.spec.bucket) === bucket);
  const borrowers = [
    ...owners.map((owner) => sourceKey('TeamStorage', owner)),
    ...instancesOn.map((instance) => sourceKey('InstanceStorage', instance)),
  ].flatMap((key) => teams.by('source', key));
  return [...owners, ...borrowers];
}

/** The bucket (`physicalBucket`) that a team is on by its own spec or another's; `undefined` for the instance bucket. */
export function bucketOfTeam({ metadata, spec }: TeamStorage, { instances, teams }: Caches): string | undefined {
  if (spec.bucket !== undefined) return bucketOf(spec.bucket);
  const { teamStorageRef, instanceStorageRef } = spec.bucketFrom ?? {};
  const { namespace = '' } = metadata;
  if (teamStorageRef !== undefined) return bucketOf(teams.get({ namespace, name: teamStorageRef.name })?.spec.bucket);
  if (instanceStorageRef === undefined) return undefined;
  return bucketOf(instances.get({ namespace, name: instanceStorageRef.name })?.spec.bucket);
}

/** A team's place among the others; `isBound`: whether a claim was published once. */
export function surroundingsOf(
  {
    team,
    instance,
    storage,
  }: {
    readonly team: TeamStorage;
    readonly instance: InstanceStorage;
    readonly storage: BucketStorage | undefined;
  },
  caches: Caches,
  isBound: (team: TeamStorage, instanceName: string | undefined) => boolean,
): Surroundings {
  const bucket = storage === undefined ? undefined : physicalBucket(storage);
  const others = bucket === undefined ? [] : teamsOn(bucket, caches);
  const neighbours = others
    .filter(({ metadata }) => metadata.uid !== team.metadata.uid)
    .map((other): Neighbour => {
      const instances = caches.instances.list(other.metadata.namespace);
      return {
        name: nameSeenFrom(team, other),
        path: pathOf(other),
        bound: isBound(other, instanceOfTeam(other, instances)),
        required: other.spec.isolation === 'Required',
      };
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  return {
    team: team.spec.team,
    required: team.spec.isolation === 'Required',
    bound: isBound(team, instance.metadata.name),
    instance: {
      name: instance.metadata.name,
      sameBucket: bucket !== undefined && bucketOf(instance.spec.bucket) === bucket,
    },
    neighbours,
    usedInstanceBucket: filesLeftIn(team) !== undefined,
    ...(storage !== undefined && { storage }),
  };
}

/**
 * Name of the InstanceStorage on whose bucket the team worked before it had its
 * own: W&B leaves the files from then where they are.
 */
export function filesLeftIn({ status }: TeamStorage): string | undefined {
  if (status === undefined) return undefined;
  const { conditions = [], instanceRef, isolation } = status;
  const worked =
    findCondition(conditions, 'Isolated')?.reason === 'UsesInstanceBucket' &&
    findCondition(conditions, 'Ready')?.status === 'True';
  return worked ? instanceRef?.name : isolation?.filesLeftIn;
}

function bucketOf(spec: unknown): string | undefined {
  if (spec === undefined) return undefined;
  const bucket = parseBucket(spec, 'spec.bucket');
  return bucket.ok ? physicalBucket(bucket.value) : undefined;
}

function pathOf({ spec }: TeamStorage): string {
  const path = parsePath(spec.bucketFrom === undefined ? spec.bucket?.path : spec.bucketFrom.path, 'path');
  return path.ok ? path.value : '';
}

/** Whoever may read one namespace is told nothing of the names in another. */
function nameSeenFrom(team: TeamStorage, { metadata }: TeamStorage): string {
  return metadata.namespace === team.metadata.namespace ? metadata.name : '(in another namespace)';
}
