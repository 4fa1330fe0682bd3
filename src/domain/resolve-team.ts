import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import { instanceOfTeam } from './instance-settings.ts';
import { parseBucket, parsePath } from './parse-bucket.ts';
import type { Problem } from './problem.ts';
import { err, ok, type Result } from './result.ts';
import type { BucketStorage } from './storage.ts';

/** What a TeamStorage comes down to once its references are followed. */
export interface ResolvedTeam {
  readonly instance: InstanceStorage;
  /** Absent: the team stays on the instance bucket. */
  readonly storage?: BucketStorage;
}

/** Finds the instance of a team, or says why there is none. */
export function findInstance(
  team: TeamStorage,
  instances: readonly InstanceStorage[],
): Result<InstanceStorage, Problem> {
  const name = instanceOfTeam(team, instances);
  if (name === undefined) {
    return err({
      reason: instances.length === 0 ? 'InstanceNotFound' : 'InstanceAmbiguous',
      message:
        instances.length === 0
          ? 'There is no InstanceStorage in this namespace.'
          : `There is more than one InstanceStorage in this namespace (${names(instances)}).`,
      remedy:
        instances.length === 0 ? 'Create one; it is picked up at once.' : 'Set spec.instanceRef.name to one of them.',
      failureClass: 'reference',
    });
  }
  const instance = instances.find((one) => one.metadata.name === name);
  if (instance !== undefined) return ok(instance);
  return err({
    reason: 'InstanceNotFound',
    message: `InstanceStorage ${name} does not exist in this namespace.`,
    remedy: 'Create it, or correct spec.instanceRef.name.',
    failureClass: 'reference',
  });
}

/** Follows `bucketFrom` one step and parses the bucket. */
export function resolveTeamBucket(
  team: TeamStorage,
  instances: readonly InstanceStorage[],
  teams: readonly TeamStorage[],
): Result<BucketStorage | undefined, Problem> {
  const { bucket, bucketFrom } = team.spec;
  if (bucket !== undefined) return parseBucket(bucket, 'spec.bucket');
  if (bucketFrom === undefined) return ok(undefined);
  const source = sourceBucket(bucketFrom, instances, teams);
  if (!source.ok) return source;
  const storage = parseBucket(source.value.bucket, `spec.bucket of ${source.value.owner}`);
  const path = parsePath(bucketFrom.path, 'spec.bucketFrom.path');
  if (!storage.ok) return storage;
  return path.ok ? ok({ ...storage.value, path: path.value }) : path;
}

function sourceBucket(
  from: NonNullable<TeamStorage['spec']['bucketFrom']>,
  instances: readonly InstanceStorage[],
  teams: readonly TeamStorage[],
): Result<{ readonly bucket: unknown; readonly owner: string }, Problem> {
  const instanceName = from.instanceStorageRef?.name;
  const isInstance = instanceName !== undefined;
  const name = instanceName ?? from.teamStorageRef?.name ?? '';
  const owner = `${isInstance ? 'InstanceStorage' : 'TeamStorage'} ${name}`;
  const source = isInstance
    ? instances.find((one) => one.metadata.name === name)
    : teams.find((one) => one.metadata.name === name);
  if (source === undefined) {
    return err({
      reason: 'BucketSourceNotFound',
      message: `spec.bucketFrom names ${owner}, which does not exist in this namespace.`,
      remedy: 'Create it, or correct the reference.',
      failureClass: 'reference',
    });
  }
  if (source.spec.bucket !== undefined) return ok({ bucket: source.spec.bucket, owner });
  return err({
    reason: 'BucketSourceUnusable',
    message: `spec.bucketFrom names ${owner}, which has no bucket of its own.`,
    remedy: 'Name the storage that declares the bucket: a reference is followed one step only.',
    failureClass: 'reference',
  });
}

function names(instances: readonly InstanceStorage[]): string {
  return instances
    .map((one) => one.metadata.name)
    .sort()
    .join(', ');
}
