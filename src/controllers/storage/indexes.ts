import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { referencesOf } from '../../domain/spec/references.ts';
import { keyText } from '../../api/object-key.ts';
import type { StorageObject } from './resolved-storage.ts';

/** Indexes by which storages are found in the caches without a search. Keys begin with the namespace, except UIDs. */
export type InstanceIndex = 'uid' | 'reference';
export type TeamIndex = InstanceIndex | 'team' | 'source';

export const INSTANCE_INDEXES: Readonly<Record<InstanceIndex, (object: InstanceStorage) => readonly string[]>> = {
  uid: uidOf,
  reference: referenceKeys,
};

export const TEAM_INDEXES: Readonly<Record<TeamIndex, (object: TeamStorage) => readonly string[]>> = {
  uid: uidOf,
  reference: referenceKeys,
  team: ({ metadata, spec }) => [teamKey({ namespace: metadata.namespace ?? '', team: spec.team })],
  source: sourceKeys,
};

/** Index key of the claims on a W&B team. */
export function teamKey({ namespace, team }: { readonly namespace: string; readonly team: string }): string {
  return keyText({ namespace, name: team });
}

/** Index key of the storages that refer to a Secret or ConfigMap. */
export function referenceKey(kind: 'Secret' | 'ConfigMap', key: { readonly namespace: string; readonly name: string }) {
  return `${kind}/${keyText(key)}`;
}

/** Index key of the teams that take their bucket from a storage. */
export function sourceKey(kind: StorageObject['kind'], object: Pick<StorageObject, 'metadata'>): string {
  return `${kind}/${within(object, object.metadata.name)}`;
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
