import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { parsePath } from '../spec/parse-bucket.ts';
import type { Problem } from '../conditions/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import type { DeclaredInstance } from './world.ts';

/** Finds the instance of a team by name. Without a name, the error states whether there is none or more than one. */
export function findInstance<T extends DeclaredInstance>(
  name: string | undefined,
  instances: readonly T[],
): Result<T, Problem> {
  if (name === undefined) {
    return err({
      reason: instances.length === 0 ? 'InstanceNotFound' : 'InstanceAmbiguous',
      message:
        instances.length === 0
          ? 'There is no InstanceStorage in this namespace.'
          : `There is more than one InstanceStorage in this namespace (${names(instances)}).`,
      remedy:
        instances.length === 0
          ? 'Create one; the operator sees it at once.'
          : 'Set spec.instanceRef.name to one of them.',
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

/** Reads `spec.bucket` of an object; `field` is its name in messages. */
type ReadBucket = (object: InstanceStorage | TeamStorage, field: string) => Result<BucketStorage, Problem>;

/** Reads the bucket from the object's own spec, or from the source that `bucketFrom` names (one step only). */
export function resolveTeamBucket(
  team: TeamStorage,
  source: InstanceStorage | TeamStorage | undefined,
  readBucket: ReadBucket,
): Result<BucketStorage | undefined, Problem> {
  const { bucket, bucketFrom } = team.spec;
  if (bucket !== undefined) return readBucket(team, 'spec.bucket');
  if (bucketFrom === undefined) return ok(undefined);
  const declared = findSource(bucketFrom, source);
  if (!declared.ok) return declared;
  const storage = readBucket(declared.value.source, `spec.bucket of ${declared.value.owner}`);
  const path = parsePath(bucketFrom.path, 'spec.bucketFrom.path');
  if (!storage.ok) return storage;
  return path.ok ? ok({ ...storage.value, path: path.value }) : path;
}

function findSource(
  from: NonNullable<TeamStorage['spec']['bucketFrom']>,
  source: InstanceStorage | TeamStorage | undefined,
): Result<{ readonly source: InstanceStorage | TeamStorage; readonly owner: string }, Problem> {
  const instanceName = from.instanceStorageRef?.name;
  const isInstance = instanceName !== undefined;
  const name = instanceName ?? from.teamStorageRef?.name ?? '';
  const owner = `${isInstance ? 'InstanceStorage' : 'TeamStorage'} ${name}`;
  if (source === undefined) {
    return err({
      reason: 'BucketSourceNotFound',
      message: `spec.bucketFrom names ${owner}, which does not exist in this namespace.`,
      remedy: 'Create it, or correct the reference.',
      failureClass: 'reference',
    });
  }
  if (source.spec.bucket !== undefined) return ok({ source, owner });
  return err({
    reason: 'BucketSourceUnusable',
    message: `spec.bucketFrom names ${owner}, which has no bucket of its own.`,
    remedy: 'Name the storage that declares the bucket: a reference is followed one step only.',
    failureClass: 'reference',
  });
}

function names(instances: readonly DeclaredInstance[]): string {
  return instances
    .map((one) => one.metadata.name)
    .sort()
    .join(', ');
}
