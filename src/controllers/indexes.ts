import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import { parseBucket } from '../domain/parse-bucket.ts';
import { physicalBucket } from '../domain/physical-bucket.ts';
import { referencesOf } from '../domain/refers-to.ts';
import { keyText } from './keys.ts';
import type { StorageObject } from './subject.ts';

/** How the caches find storages without looking through all of them. Keys begin with the namespace, UIDs apart. */
export type InstanceIndex = 'uid' | 'reference';
export type TeamIndex = InstanceIndex | 'team' | 'source' | 'bucket';

export const INSTANCE_INDEXES: Readonly<Record<InstanceIndex, (object: InstanceStorage) => readonly string[]>> = {
  uid: uidOf,
  reference: referenceKeys,
};

export const TEAM_INDEXES: Readonly<Record<TeamIndex, (object: TeamStorage) => readonly string[]>> = {
  uid: uidOf,
  reference: referenceKeys,
  team: (object) => [teamKey(object)],
  source: sourceKeys,
  bucket: bucketKeys,
};

/** Claims on the same W&B team have the same. */
export function teamKey(object: TeamStorage): string {
  return within(object, object.spec.team);
}

/** Storages that refer to this Secret or ConfigMap have it. */
export function referenceKey(kind: 'Secret' | 'ConfigMap', key: { readonly namespace: string; readonly name: string }) {
  return `${kind}/${keyText(key)}`;
}

/** Teams that take their bucket from this storage have it. */
export function sourceKey(kind: StorageObject['kind'], object: Pick<StorageObject, 'metadata'>): string {
  return `${kind}/${within(object, object.metadata.name)}`;
}

/** Teams that declare this bucket have it, whatever their namespace. */
function bucketKeys({ spec }: TeamStorage): readonly string[] {
  const bucket = spec.bucket === undefined ? undefined : parseBucket(spec.bucket, 'spec.bucket');
  return bucket?.ok === true ? [physicalBucket(bucket.value)] : [];
}

function uidOf({ metadata }: StorageObject): readonly string[] {
  return metadata.uid === undefined ? [] : [metadata.uid];
}

function referenceKeys(object: StorageObject): readonly string[] {
  const namespace = object.metadata.namespace ?? '';
  return referencesOf(object).map(({ kind, name }) => referenceKey(kind, { namespace, name }));
}

function sourceKeys(object: TeamStorage): readonly string[] {
  const { teamStorageRef, instanceStorageRef } = object.spec.bucketFrom ?? {};
  return [
    ...(teamStorageRef === undefined ? [] : [`TeamStorage/${within(object, teamStorageRef.name)}`]),
    ...(instanceStorageRef === undefined ? [] : [`InstanceStorage/${within(object, instanceStorageRef.name)}`]),
  ];
}

function within({ metadata }: Pick<StorageObject, 'metadata'>, name: string): string {
  return keyText({ namespace: metadata.namespace ?? '', name });
}
