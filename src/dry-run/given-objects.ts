import { keyOf, keyText } from '../api/object-key.ts';
import type { KubeObject } from '../api/object.ts';
import { GROUP } from '../api/resources.ts';
import { storageKinds, type StorageKindName } from '../manifests/crd-schema.ts';
import type { Manifest } from '../manifests/manifest.ts';
import { asStored } from './as-stored.ts';

const REFERENCED_KINDS = ['Secret', 'ConfigMap', 'ServiceAccount'];

/** A storage of a file. */
export interface GivenStorage {
  readonly kind: StorageKindName;
  readonly manifest: Manifest;
  /** As an API server would store it. */
  readonly stored: KubeObject;
  /** The object of the cluster that it would replace. */
  readonly former?: KubeObject;
}

export interface GivenObjects {
  readonly storages: readonly GivenStorage[];
  /** Everything that takes part in the dry run. */
  readonly objects: readonly KubeObject[];
}

/**
 * The storages among manifests, and what they refer to, as a cluster would hold them. `existing`: the storages that it
 * holds already; those that no manifest replaces take part as they are.
 */
export function givenObjects(
  manifests: readonly Manifest[],
  {
    namespace,
    secrets = [],
    existing = [],
  }: {
    readonly namespace: string;
    readonly secrets?: readonly KubeObject[];
    readonly existing?: readonly KubeObject[];
  },
): GivenObjects {
  const formerOf = new Map(existing.map((object) => [idOf(object), object] as const));
  const storages = manifests.flatMap((manifest): readonly GivenStorage[] => {
    const kind = storageKind(manifest.object);
    if (kind === undefined) return [];
    const stored = asStored(manifest.object, namespace);
    const former = formerOf.get(idOf(stored));
    if (former === undefined) return [{ kind, manifest, stored }];
    return [{ kind, manifest, stored: asStored(manifest.object, namespace, former), former }];
  });
  const replaced = new Set(storages.map(({ stored }) => idOf(stored)));
  const referenced = [...manifests.map(({ object }) => object), ...secrets]
    .filter(({ apiVersion, kind }) => apiVersion === 'v1' && REFERENCED_KINDS.includes(kind))
    .map((object) => asStored(object, namespace));
  return {
    storages,
    objects: [
      ...storages.map(({ stored }) => stored),
      ...existing.filter((object) => !replaced.has(idOf(object))),
      ...referenced,
    ],
  };
}

function storageKind({ apiVersion, kind }: KubeObject): StorageKindName | undefined {
  return apiVersion.startsWith(`${GROUP}/`) ? storageKinds.find((one) => one === kind) : undefined;
}

/** Kind, namespace and name. */
export function idOf(object: KubeObject): string {
  return `${object.kind}/${keyText(keyOf(object))}`;
}
