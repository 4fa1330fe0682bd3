import { WANDB_GROUP, weightsAndBiases } from '../../api/resources.ts';
import {
  blockedByServer,
  planDelivery,
  type BlockedField,
  type DeliveryPlan,
} from '../../domain/delivery/delivery-plan.ts';
import { ownedPaths, released, versionsOfOthers } from '../../api/managed-fields.ts';
import type { ServerConfig } from '../../domain/publication/server-config.ts';
import { V2_ENV_PATH, type WandbVersion } from '../../domain/delivery/wandb-fields.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Applied, KubeClient, KubeFailure } from '../../ports/kube.ts';
import { outputName, type InstanceIdentity } from '../publication/output-names.ts';
import { FIELD_MANAGER } from '../publication/output-writer.ts';

/** A `WeightsAndBiases` as returned by the list of its namespace. */
export interface DeliveryTarget extends KubeObject {
  readonly spec?: unknown;
}

/** The `WeightsAndBiases` objects of a namespace. */
export interface Targets {
  /** Versions that the API server serves and this operator supports, the newest first. */
  readonly versions: readonly WandbVersion[];
  readonly objects: readonly DeliveryTarget[];
}

/** The result of a write. `Written`: whether anything changed. */
export type Written =
  | { readonly kind: 'Written'; readonly version: WandbVersion; readonly changed: boolean }
  | { readonly kind: 'Blocked'; readonly fields: readonly BlockedField[] }
  | { readonly kind: 'Failed'; readonly failure: KubeFailure };

/** The newest first. */
const KNOWN_VERSIONS: readonly WandbVersion[] = ['v2', 'v1'];

/** Field manager of an instance: with one for each instance, the API server reports conflicts between them. */
export function deliveryManager(instance: string): string {
  return `${FIELD_MANAGER}/${instance}`;
}

/** Whether an instance owns fields of an object. */
export function isDeliveredTo(object: KubeObject, instance: string): boolean {
  return ownedPaths(object.metadata.managedFields ?? [], deliveryManager(instance)).length > 0;
}

/**
 * Reads and writes `WeightsAndBiases` objects, of which the operator owns only leaf fields. They are listed at
 * intervals and not watched, because their CRD may be absent.
 */
export function createDeliveryTargets(deps: { readonly kube: KubeClient }) {
  async function find(namespace: string): Promise<Result<Targets, KubeFailure>> {
    const served = await deps.kube.servedVersions(WANDB_GROUP);
    if (!served.ok) return served;
    const versions = KNOWN_VERSIONS.filter((version) => served.value.includes(version));
    const [newest] = versions;
    if (newest === undefined) return ok({ versions, objects: [] });
    const listed = await deps.kube.list(weightsAndBiases(newest), namespace);
    return listed.ok ? ok({ versions, objects: listed.value }) : listed;
  }

  /** Applies the wanted fields to one object. Without a config the operator's fields are removed. */
  async function write(
    instance: InstanceIdentity,
    found: DeliveryTarget,
    context: { readonly versions: readonly WandbVersion[]; readonly config: ServerConfig | undefined },
  ): Promise<Written> {
    const manager = deliveryManager(instance.name);
    const version = versionOf(found, manager, context.versions);
    const object = await inVersion(deps.kube, found, version);
    if (!object.ok) return { kind: 'Failed', failure: object.error };
    const plan = planDelivery(object.value, {
      version,
      config: context.config,
      outputName: outputName(instance.name),
      manager,
    });
    switch (plan.kind) {
      case 'InPlace':
        return { kind: 'Written', version, changed: false };
      case 'Blocked':
        return plan;
      case 'Apply':
        return apply(object.value, plan, { version, manager });
    }
  }

  async function apply(
    object: DeliveryTarget,
    plan: DeliveryPlan & { readonly kind: 'Apply' },
    as: { readonly version: WandbVersion; readonly manager: string },
  ): Promise<Written> {
    const type = weightsAndBiases(as.version);
    const { name, namespace = '', resourceVersion = '', uid } = object.metadata;
    const manifest = {
      apiVersion: object.apiVersion,
      kind: object.kind,
      // resourceVersion guards against changes since the plan; the UID prevents the re-creation of a deleted object.
      metadata: { name, namespace, resourceVersion, ...(uid !== undefined && { uid }) },
      ...plan.fields,
    } as Applied<KubeObject>;
    const applied = await deps.kube.apply<KubeObject>(type, manifest, { fieldManager: as.manager, force: false });
    if (!applied.ok) {
      const { conflicts } = applied.error;
      if (conflicts === undefined) return { kind: 'Failed', failure: applied.error };
      return { kind: 'Blocked', fields: blockedByServer(conflicts, plan.fields) };
    }
    if (plan.thenRelease) {
      const failure = await release(applied.value, as);
      if (failure !== undefined) return { kind: 'Failed', failure };
    }
    return { kind: 'Written', version: as.version, changed: true };
  }

  /**
   * Gives up the ownership of a list that holds only entries of others. An apply without the list would remove them.
   */
  async function release(
    object: KubeObject,
    as: { readonly version: WandbVersion; readonly manager: string },
  ): Promise<KubeFailure | undefined> {
    const { name, namespace = '', resourceVersion = '', managedFields = [] } = object.metadata;
    const metadata = { resourceVersion, managedFields: released(managedFields, as.manager, V2_ENV_PATH) };
    const patched = await deps.kube.mergePatch(
      weightsAndBiases(as.version),
      { namespace, name },
      { metadata },
      { fieldManager: as.manager },
    );
    return patched.ok ? undefined : patched.error;
  }

  return { find, write };
}

export type DeliveryTargets = ReturnType<typeof createDeliveryTargets>;

/** The object in another API version. */
async function inVersion(
  kube: KubeClient,
  found: DeliveryTarget,
  version: WandbVersion,
): Promise<Result<DeliveryTarget, KubeFailure>> {
  if (found.apiVersion === `${WANDB_GROUP}/${version}`) return ok(found);
  const { name, namespace = '' } = found.metadata;
  const listed = await kube.list(weightsAndBiases(version), namespace);
  if (!listed.ok) return listed;
  const object = listed.value.find(({ metadata }) => metadata.name === name);
  return object === undefined ? err({ status: 404, reason: 'NotFound', message: 'it is gone' }) : ok(object);
}

/**
 * v1 if other managers use the spec in v1: the W&B operator converts it with values that it stores in the object, and
 * would lose what was set in v2.
 */
function versionOf(object: KubeObject, manager: string, served: readonly WandbVersion[]): WandbVersion {
  const others = versionsOfOthers(object.metadata.managedFields ?? [], manager);
  if (served.includes('v1') && others.includes('v1')) return 'v1';
  return served[0] ?? 'v1';
}
