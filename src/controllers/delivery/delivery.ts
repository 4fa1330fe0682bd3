import type { InstanceStorage } from '../../api/resources.ts';
import type { ConditionDraft } from '../../domain/conditions/conditions.ts';
import {
  delivered,
  deliveryFailed,
  deliveryForbidden,
  fieldConflict,
  nothingPublished,
  targetClaimed,
  targetNotFound,
  targetRefused,
} from '../../domain/delivery/delivery-conditions.ts';
import { deliveryWinner } from '../../domain/admission/delivery-rivals.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { isEmptyConfig, type ServerConfig } from '../../domain/publication/server-config.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { EventRecorder, KubeFailure, ObjectReader } from '../../ports/kube.ts';
import type { Log } from '../../ports/log.ts';
import type { Outcome } from '../../runtime/controller.ts';
import { describeFailure, isMissingPermission } from '../references/api-failure.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import {
  isDeliveredTo,
  type DeliveryTarget,
  type DeliveryTargets,
  type Targets,
  type Written,
} from './delivery-target.ts';
import { createIncarnations } from '../incarnations.ts';
import type { InstanceDelivery, PublishedConfig } from './instance-delivery.ts';
import { parseKey } from '../../api/object-key.ts';
import { outputName, type InstanceIdentity } from '../publication/output-names.ts';
import type { InstancePublication } from '../publication/instance-publication.ts';
import type { Shard } from '../shard/shard.ts';
import type { Restarts } from './restart.ts';

interface Report {
  readonly condition?: ConditionDraft;
  readonly afterMs?: number;
  /** Another client wrote at the same moment: the earlier report is kept until the next try. */
  readonly again?: boolean;
}

/**
 * Delivers the published config to the W&B server: writes it into the `WeightsAndBiases` that the spec names, and
 * restarts the selected Deployments. Level-based, and the only writer of both. It delivers only what was proven and
 * published.
 */
// eslint-disable-next-line max-lines-per-function -- its steps share the keys that deliver nowhere
export function createDelivery(deps: {
  readonly instances: ObjectReader<Sanitized<InstanceStorage>>;
  readonly publications: ObservableMap<string, InstancePublication>;
  readonly deliveries: ObservableMap<string, InstanceDelivery>;
  readonly targets: DeliveryTargets;
  readonly restarts: Restarts;
  readonly events: EventRecorder;
  readonly log: Log;
  readonly shard: Pick<Shard, 'actsOnInstance'>;
}) {
  /** Keys of instances that deliver nowhere and own no fields, so no object has to be searched. */
  const idle = new Set<string>();
  const seen = createIncarnations((uid, key) => {
    deps.restarts.forget(uid);
    idle.delete(key);
  });

  /** Delivers for the instance `namespace/name`. */
  async function reconcile(key: string): Promise<Outcome> {
    if (!deps.shard.actsOnInstance(key)) {
      seen(key, undefined);
      deps.deliveries.set([[key, undefined]]);
      return { kind: 'done' };
    }
    const { namespace, name } = parseKey(key);
    const instance = deps.instances.get({ namespace, name });
    const identity = { namespace, name, uid: instance?.metadata.uid };
    seen(key, identity.uid);
    const publication = deps.publications.get(key);
    if (instance === undefined) return withoutInstance(key, identity, publication);
    // A suspended instance, and one whose spec cannot be read, keeps what it has. If the publisher has not run yet, it
    // will wake the delivery.
    if (instance.spec.suspend === true || isUnclear(instance) || publication === undefined) return { kind: 'done' };
    const server = settledConfig(publication);
    const report = await deliver(key, identity, { name: targetOf(instance), server });
    if (report.again === true) return { kind: 'requeue', afterMs: INTERVALS.delivery.afterConflict };
    const isDelivered = (report.condition?.status ?? 'True') === 'True';
    const restart = await deps.restarts.rollOut(instance, publishedConfig(publication, isDelivered));
    const conditions = [report.condition, restartCondition(instance, restart.condition)].filter(
      (condition) => condition !== undefined,
    );
    const { rolledOut, memory } = restart;
    deps.deliveries.set([[key, { conditions, rolledOut, ...(memory !== undefined && { memory }) }]]);
    return outcome(report.afterMs, restart.afterMs);
  }

  /** Without its InstanceStorage, a server keeps what the ledger retains (deletionPolicy), and nothing else. */
  async function withoutInstance(
    key: string,
    identity: InstanceIdentity,
    publication: InstancePublication | undefined,
  ): Promise<Outcome> {
    deps.deliveries.set([[key, undefined]]);
    // The publication is not known: what was delivered stays.
    if (publication === undefined) return { kind: 'done' };
    const server = settledConfig(publication);
    if (server === undefined && publication.isNothing !== true) return { kind: 'done' };
    const found = await deps.targets.find(identity.namespace);
    if (!found.ok) return isMissingPermission(found.error) ? { kind: 'done' } : outcome(INTERVALS.delivery.problem);
    const config = server === undefined || isEmptyConfig(server) ? undefined : server;
    const written = await writeAll(identity, found.value, { config, except: undefined });
    if (written.some(({ kind }) => kind !== 'Written')) return outcome(INTERVALS.delivery.problem);
    return config === undefined || written.length === 0 ? { kind: 'done' } : outcome(INTERVALS.delivery.check);
  }

  /** Delivers the config to the target, and removes the operator's fields from all other objects. */
  async function deliver(
    key: string,
    identity: InstanceIdentity,
    wanted: { readonly name: string | undefined; readonly server: ServerConfig | undefined },
  ): Promise<Report> {
    const { name, server } = wanted;
    if (name === undefined && idle.has(key)) return {};
    const found = await deps.targets.find(identity.namespace);
    const at = { name: name ?? '', namespace: identity.namespace };
    if (!found.ok) {
      // Without the permission, the operator cannot have delivered anything.
      if (name === undefined)
        return isMissingPermission(found.error) ? idleNow(key) : { afterMs: INTERVALS.delivery.problem };
      return failed(at, found.error);
    }
    const rival = name === undefined ? undefined : rivalOf(identity, name, found.value);
    const except = rival === undefined ? name : undefined;
    const left = await writeAll(identity, found.value, { config: undefined, except });
    if (name !== undefined) {
      idle.delete(key);
      return deliverTo(at, identity, found.value, { server, rival });
    }
    return left.every(({ kind }) => kind === 'Written') ? idleNow(key) : { afterMs: INTERVALS.delivery.problem };
  }

  /** Writes the config to every object with fields of the operator, except one. */
  async function writeAll(
    identity: InstanceIdentity,
    targets: Targets,
    wanted: { readonly config: ServerConfig | undefined; readonly except: string | undefined },
  ): Promise<readonly Written[]> {
    const objects = targets.objects.filter(
      (object) => object.metadata.name !== wanted.except && isDeliveredTo(object, identity.name),
    );
    const written: Written[] = [];
    for (const object of objects) written.push(await write(identity, object, targets, wanted.config));
    return written;
  }

  async function deliverTo(
    at: { readonly name: string; readonly namespace: string },
    identity: InstanceIdentity,
    targets: Targets,
    wanted: { readonly server: ServerConfig | undefined; readonly rival: string | undefined },
  ): Promise<Report> {
    const object = targets.objects.find(({ metadata }) => metadata.name === at.name);
    if (object === undefined)
      return { condition: targetNotFound(at, targets.versions), afterMs: INTERVALS.delivery.problem };
    if (wanted.rival !== undefined)
      return { condition: targetClaimed(at, wanted.rival), afterMs: INTERVALS.delivery.problem };
    // The publication is not known: what was delivered stays.
    if (wanted.server === undefined) return { condition: nothingPublished(at) };
    const config = isEmptyConfig(wanted.server) ? undefined : wanted.server;
    const written = await write(identity, object, targets, config);
    switch (written.kind) {
      case 'Blocked':
        return { condition: fieldConflict(at, written.fields), afterMs: INTERVALS.delivery.problem };
      case 'Failed':
        return failed(at, written.failure);
      case 'Written':
        return {
          condition:
            config === undefined ? nothingPublished(at) : delivered(at, written.version, outputName(identity.name)),
          afterMs: INTERVALS.delivery.check,
        };
    }
  }

  async function write(
    identity: InstanceIdentity,
    object: DeliveryTarget,
    { versions }: Targets,
    config: ServerConfig | undefined,
  ): Promise<Written> {
    const written = await deps.targets.write(identity, object, { versions, config });
    if (written.kind === 'Written' && written.changed) {
      const { name } = object.metadata;
      const fields = { namespace: identity.namespace, instance: identity.name, weightsAndBiases: name };
      deps.log.info(fields, config === undefined ? 'delivery withdrawn' : 'config delivered');
      const instance = deps.instances.get(identity);
      if (instance !== undefined) {
        deps.events.record({
          regarding: instance,
          type: 'Normal',
          reason: config === undefined ? 'DeliveryWithdrawn' : 'Delivered',
          action: 'Deliver',
          note: `${config === undefined ? 'Removed the config from' : 'Delivered the config to'} WeightsAndBiases ${name}.`,
        });
      }
    }
    return written;
  }

  /** The other instance that configures the target, if any. */
  function rivalOf(identity: InstanceIdentity, name: string, targets: Targets): string | undefined {
    const object = targets.objects.find(({ metadata }) => metadata.name === name);
    const rivals = deps.instances.list(identity.namespace).filter((one) => targetOf(one) === name);
    const winner = deliveryWinner(rivals, (rival) => object !== undefined && isDeliveredTo(object, rival));
    return winner === undefined || winner.metadata.name === identity.name ? undefined : winner.metadata.name;
  }

  function idleNow(key: string): Report {
    idle.add(key);
    return {};
  }

  return { reconcile };
}

/** The config that may be delivered: not an empty one while claims wait to be published again after a loss. */
function settledConfig({ server, unserved }: InstancePublication): ServerConfig | undefined {
  return server !== undefined && isEmptyConfig(server) && unserved.length > 0 ? undefined : server;
}

function publishedConfig(publication: InstancePublication, isDelivered: boolean): PublishedConfig {
  const { server, unserved } = publication;
  if (server === undefined) return { kind: 'Unknown' };
  if (isEmptyConfig(server)) return unserved.length > 0 ? { kind: 'Unknown' } : { kind: 'Empty' };
  return { kind: 'Known', hash: server.hash, isDelivered, unserved };
}

function targetOf({ spec }: InstanceStorage): string | undefined {
  return spec.delivery?.weightsAndBiases?.name;
}

function failed(at: { readonly name: string; readonly namespace: string }, failure: KubeFailure): Report {
  if (isMissingPermission(failure)) return { condition: deliveryForbidden(at), afterMs: INTERVALS.delivery.problem };
  if (failure.status === 409 || failure.status === 404) return { again: true };
  const isFinal = failure.status >= 400 && failure.status < 500 && failure.status !== 429;
  const condition = isFinal
    ? targetRefused(at, describeFailure(failure))
    : deliveryFailed(at, describeFailure(failure));
  return { condition, afterMs: INTERVALS.delivery.problem };
}

/** Only for a self-managed server with something to report; the customer cannot restart other servers. */
function restartCondition({ spec }: InstanceStorage, condition: ConditionDraft): ConditionDraft | undefined {
  return spec.deployment.type === 'SelfManaged' || spec.delivery !== undefined ? condition : undefined;
}

function isUnclear({ violations }: Sanitized<InstanceStorage>): boolean {
  return violations?.fields.includes('delivery') === true;
}

function outcome(...waits: readonly (number | undefined)[]): Outcome {
  const due = waits.filter((wait) => wait !== undefined);
  return due.length === 0 ? { kind: 'done' } : { kind: 'requeue', afterMs: Math.max(100, Math.min(...due)) };
}
