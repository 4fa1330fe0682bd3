import type { InstanceStorageSpec, InstanceStorageStatus } from './generated/instance-storage.ts';
import type { TeamStorageSpec, TeamStorageStatus } from './generated/team-storage.ts';
import type { ObjectMeta, ResourceType } from './object.ts';

export type { InstanceStorageSpec, InstanceStorageStatus, TeamStorageSpec, TeamStorageStatus };

export const GROUP = 'storage.wandb.com';
export const VERSION = 'v1alpha1';

/** Opens a Secret or ServiceAccount to storages of its namespace when `"true"`. */
export const ALLOW_LABEL = 'storage.wandb.com/allow';
/** On a Secret with an API key: the server that the key is for. It is sent nowhere else. */
export const SERVER_ANNOTATION = 'storage.wandb.com/server';
/** Asks for a full validation; acknowledged in `status.lastHandledReconcileAt`. */
export const REQUESTED_AT_ANNOTATION = 'storage.wandb.com/reconcile-requested-at';
/** The annotation of Flux for the same request (`flux reconcile`). */
export const FLUX_REQUESTED_AT_ANNOTATION = 'reconcile.fluxcd.io/requestedAt';

/** Marks what this operator wrote. */
export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGER = 'byob-operator';
/** Name of the InstanceStorage that an output belongs to. */
export const INSTANCE_LABEL = 'storage.wandb.com/instance';
/** On the pod template of a Deployment that the operator restarted: hash of the config that it was restarted for. */
export const CONFIG_HASH_ANNOTATION = 'storage.wandb.com/config-hash';
/** UID of that InstanceStorage, for users: outputs carry no owner reference. */
export const INSTANCE_UID_ANNOTATION = 'storage.wandb.com/instance-uid';

interface ObjectOf<K extends string> {
  readonly apiVersion: string;
  readonly kind: K;
  readonly metadata: ObjectMeta;
}

/** The default bucket of a W&B deployment. */
export interface InstanceStorage extends ObjectOf<'InstanceStorage'> {
  readonly spec: InstanceStorageSpec;
  readonly status?: InstanceStorageStatus;
}

/** The bucket of one W&B team. */
export interface TeamStorage extends ObjectOf<'TeamStorage'> {
  readonly spec: TeamStorageSpec;
  readonly status?: TeamStorageStatus;
}

export interface SecretObject extends ObjectOf<'Secret'> {
  readonly type?: string;
  /** Base64 by key. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface ConfigMapObject extends ObjectOf<'ConfigMap'> {
  readonly data?: Readonly<Record<string, string>>;
}

/** What we read of a Deployment. */
export interface DeploymentObject extends ObjectOf<'Deployment'> {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

/** W&B's own resource. Its spec differs by version and belongs to other managers. */
export interface WeightsAndBiasesObject extends ObjectOf<'WeightsAndBiases'> {
  readonly spec?: unknown;
}

export const INSTANCE_STORAGES: ResourceType<InstanceStorage> = {
  group: GROUP,
  version: VERSION,
  plural: 'instancestorages',
  kind: 'InstanceStorage',
};
export const TEAM_STORAGES: ResourceType<TeamStorage> = {
  group: GROUP,
  version: VERSION,
  plural: 'teamstorages',
  kind: 'TeamStorage',
};
export const SECRETS: ResourceType<SecretObject> = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' };
/** Only its metadata is read. */
export const SERVICE_ACCOUNTS: ResourceType<ObjectOf<'ServiceAccount'>> = {
  group: '',
  version: 'v1',
  plural: 'serviceaccounts',
  kind: 'ServiceAccount',
};
export const CONFIG_MAPS: ResourceType<ConfigMapObject> = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
};
export const DEPLOYMENTS: ResourceType<DeploymentObject> = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
};

/** API group of the W&B operator. */
export const WANDB_GROUP = 'apps.wandb.com';

export function weightsAndBiases(version: string): ResourceType<WeightsAndBiasesObject> {
  return { group: WANDB_GROUP, version, plural: 'weightsandbiases', kind: 'WeightsAndBiases' };
}
