import { GROUP, type InstanceStorage, type TeamStorage } from '../api/resources.ts';
import type { Manifest } from './manifest.ts';

/** Storages of manifests, in their order. */
interface StorageManifests {
  readonly instances: readonly InstanceStorage[];
  readonly teams: readonly TeamStorage[];
}

/** The storages with a name and a spec. Their specs are not validated. */
export function storagesAmong(manifests: readonly Manifest[]): StorageManifests {
  const ofKind = (kind: string): readonly unknown[] =>
    manifests
      .map(({ object }) => object)
      .filter((object) => object.kind === kind && object.apiVersion.startsWith(`${GROUP}/`))
      .filter((object) => object.metadata.name !== '' && hasSpec(object));
  return {
    instances: ofKind('InstanceStorage') as readonly InstanceStorage[],
    teams: ofKind('TeamStorage') as readonly TeamStorage[],
  };
}

function hasSpec(object: object): boolean {
  const { spec } = object as { readonly spec?: unknown };
  return typeof spec === 'object' && spec !== null && !Array.isArray(spec);
}
