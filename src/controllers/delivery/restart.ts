import { CONFIG_HASH_ANNOTATION, DEPLOYMENTS, type InstanceStorage } from '../../api/resources.ts';
import { findCondition, kubeTime, type ConditionDraft } from '../../domain/conditions/conditions.ts';
import {
  awaitingConfig,
  noDeploymentsSelected,
  restartFailed,
  restartForbidden,
  restartRefused,
  restartRequired,
  rolledOut,
  rollingOut,
  rolloutStalled,
  waitingForDelivery,
  waitingForInterval,
  waitingForRecovery,
} from '../../domain/delivery/delivery-conditions.ts';
import {
  isRolledOut,
  memoryFromAnnotations,
  pastMemory,
  planRollout,
  rememberRollout,
  type RolloutMemory,
  type RolloutPlan,
  type Deployment,
} from '../../domain/delivery/rollout-plan.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { parseDuration } from '../../domain/validation/probe-schedule.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventRecorder, KubeClient, KubeFailure } from '../../ports/kube.ts';
import { describeFailure, isMissingPermission } from '../references/api-failure.ts';
import { deliveryManager } from './delivery-target.ts';
import { readDeployment } from './read-deployment.ts';
import type { PublishedConfig, RolledOut } from './instance-delivery.ts';

/** Whether the server's Deployments run with the published config. */
export interface RestartReport {
  readonly condition: ConditionDraft;
  readonly rolledOut: RolledOut;
  readonly memory?: RolloutMemory;
  /** When to check again; absent: after the next change. */
  readonly afterMs?: number;
}

/** Recorded for a Deployment that was found before anything was published. */
const NO_CONFIG = 'none';

/** Why a restart would have no use now, or would do harm. */
function holdReason(config: PublishedConfig): ConditionDraft | undefined {
  if (config.kind !== 'Known') return awaitingConfig(config.kind === 'Empty');
  if (config.unserved.length > 0) return waitingForRecovery(config.unserved);
  return config.isDelivered ? undefined : waitingForDelivery();
}

/** The `matchLabels` as selector text; absent if no Deployment is selected. */
export function selectorOf({ spec }: InstanceStorage): string | undefined {
  const labels = Object.entries(spec.delivery?.restart?.selector?.matchLabels ?? {});
  return labels.length === 0 ? undefined : labels.map(([name, value]) => `${name}=${value}`).join(',');
}

/** Restarts the selected Deployments if, and only if, the published config changed. */
// eslint-disable-next-line max-lines-per-function -- its steps share what is remembered of each rollout
export function createRestarts(deps: {
  readonly kube: Pick<KubeClient, 'list' | 'apply'>;
  readonly events: EventRecorder;
  readonly clock: Clock;
}) {
  /** By UID of the instance: may be newer than its status. */
  const memories = new Map<string, RolloutMemory>();
  /** By UID: the published hash, and since when, if the change was observed. */
  const hashes = new Map<string, { readonly hash: string; readonly changedAt?: number }>();

  async function rollOut(instance: InstanceStorage, config: PublishedConfig): Promise<RestartReport> {
    const { namespace = '' } = instance.metadata;
    const selector = selectorOf(instance);
    const restart = instance.spec.delivery?.restart;
    if (restart?.mode !== 'Automatic' || selector === undefined) {
      forget(uidOf(instance));
      return { condition: restartRequired(namespace, selector), rolledOut: { kind: 'Unmanaged' } };
    }
    // It is unknown what is published: nothing is read, recorded or restarted.
    if (config.kind === 'Unknown') {
      const memory = memoryOf(instance);
      const rolledOut = { kind: 'Pending', hash: NO_CONFIG } as const;
      return { condition: awaitingConfig(false), rolledOut, ...(memory !== undefined && { memory }) };
    }
    const minIntervalMs = parseDuration(restart.minInterval ?? '') ?? INTERVALS.delivery.betweenRestarts;
    const hash = config.kind === 'Empty' ? NO_CONFIG : config.hash;
    return automatic(instance, { hash, selector, minIntervalMs, hold: holdReason(config) });
  }

  async function automatic(
    instance: InstanceStorage,
    wanted: {
      readonly hash: string;
      readonly selector: string;
      readonly minIntervalMs: number;
      /** Why no restart is made now. */
      readonly hold: ConditionDraft | undefined;
    },
  ): Promise<RestartReport> {
    const { hash, selector, minIntervalMs, hold } = wanted;
    const { namespace = '' } = instance.metadata;
    const found = await deps.kube.list(DEPLOYMENTS, namespace, selector);
    const stored = memoryOf(instance);
    const rolledOut = { kind: 'Pending', hash } as const;
    if (!found.ok) {
      const report = { ...unreadable(namespace, found.error), rolledOut, afterMs: INTERVALS.delivery.check };
      return stored === undefined ? report : { ...report, memory: stored };
    }
    const workloads = found.value.map(readDeployment);
    // An object without any report of restarts may have been created again; one with a report had them disabled.
    const isNew = findCondition(instance.status?.conditions ?? [], 'RolledOut') === undefined;
    const known = stored ?? (isNew ? memoryFromAnnotations(workloads) : undefined);
    const seen = changedAt(uidOf(instance), hash);
    const plan = planRollout({ hash, workloads, memory: known, ...seen, minIntervalMs, now: deps.clock.now() });
    const { restarted, failed } =
      hold === undefined ? await restartAll(instance, plan.restart, hash) : { restarted: [], failed: hold };
    const memory = remember(instance, { known, hash, workloads, plan, restarted });
    if (failed !== undefined) return { condition: failed, rolledOut, memory, afterMs: INTERVALS.delivery.check };
    return { ...reportOf(workloads, plan, { memory, hash, namespace, selector }), memory };
  }

  function reportOf(
    workloads: readonly Deployment[],
    plan: RolloutPlan,
    at: { memory: RolloutMemory; hash: string; namespace: string; selector: string },
  ): RestartReport {
    const { memory, hash, namespace } = at;
    const rolled = { kind: isRolledOut(memory, hash) ? 'Current' : 'Pending', hash } as const;
    if (workloads.length === 0) {
      return {
        condition: noDeploymentsSelected(namespace, at.selector),
        rolledOut: rolled,
        afterMs: INTERVALS.delivery.check,
      };
    }
    if (plan.waiting.length > 0) {
      const due = kubeTime(deps.clock.now() + plan.waitMs);
      return {
        condition: waitingForInterval(plan.waiting, due),
        rolledOut: rolled,
        afterMs: Math.min(plan.waitMs, INTERVALS.delivery.check),
      };
    }
    if (rolled.kind === 'Current') {
      return { condition: rolledOut(workloads, plan.stripped), rolledOut: rolled, afterMs: INTERVALS.delivery.check };
    }
    const current = new Set(
      memory.workloads.filter(({ restartTime }) => restartTime === memory.lastRestartTime).map(({ uid }) => uid),
    );
    const isFresh = plan.restart.length > 0;
    const open = workloads.filter(({ uid, state }) => current.has(uid) && (isFresh || state !== 'Complete'));
    const stalled = isFresh ? [] : open.filter(({ state }) => state === 'Stalled');
    const condition = stalled.length > 0 ? rolloutStalled(stalled, namespace) : rollingOut(open);
    return {
      condition,
      rolledOut: rolled,
      afterMs: stalled.length > 0 ? INTERVALS.delivery.check : INTERVALS.delivery.rollout,
    };
  }

  async function restartAll(
    instance: InstanceStorage,
    due: readonly Deployment[],
    hash: string,
  ): Promise<{ readonly restarted: readonly Deployment[]; readonly failed?: ConditionDraft }> {
    const { namespace = '', name } = instance.metadata;
    const restarted: Deployment[] = [];
    let failed: ConditionDraft | undefined;
    for (const workload of due) {
      const manifest = {
        apiVersion: 'apps/v1',
        kind: 'Deployment' as const,
        // The UID prevents the apply from creating a deleted Deployment again.
        metadata: { name: workload.name, namespace, uid: workload.uid },
        spec: { template: { metadata: { annotations: { [CONFIG_HASH_ANNOTATION]: hash } } } },
      };
      const applied = await deps.kube.apply(DEPLOYMENTS, manifest, {
        fieldManager: deliveryManager(name),
        force: false,
      });
      if (applied.ok) restarted.push(workload);
      else failed ??= refused(namespace, workload, applied.error);
    }
    if (restarted.length > 0) {
      const names = restarted.map((workload) => workload.name).join(', ');
      deps.events.record({
        regarding: instance,
        type: 'Normal',
        reason: 'RollingOut',
        action: 'Restart',
        note: `Restarted for config ${hash.slice(0, 12)}: ${names}`.slice(0, 1000),
      });
    }
    return { restarted, ...(failed !== undefined && { failed }) };
  }

  function remember(
    instance: InstanceStorage,
    done: {
      known: RolloutMemory | undefined;
      hash: string;
      workloads: readonly Deployment[];
      plan: RolloutPlan;
      restarted: readonly Deployment[];
    },
  ): RolloutMemory {
    const { known, hash, workloads, plan, restarted } = done;
    const now = kubeTime(deps.clock.now());
    const memory = rememberRollout(known, { hash, workloads, recorded: plan.recorded, restarted, now });
    memories.set(uidOf(instance), memory);
    return memory;
  }

  function memoryOf(instance: InstanceStorage): RolloutMemory | undefined {
    const memory = memories.get(uidOf(instance)) ?? storedMemory(instance);
    return memory === undefined ? undefined : pastMemory(memory, deps.clock.now());
  }

  function changedAt(uid: string, hash: string): { readonly changedAt?: number } {
    const before = hashes.get(uid);
    if (before?.hash !== hash) hashes.set(uid, { hash, ...(before !== undefined && { changedAt: deps.clock.now() }) });
    const since = hashes.get(uid)?.changedAt;
    return since === undefined ? {} : { changedAt: since };
  }

  function forget(uid: string): void {
    memories.delete(uid);
    hashes.delete(uid);
  }

  return { rollOut, forget };
}

export type Restarts = ReturnType<typeof createRestarts>;

function uidOf({ metadata: { uid = '' } }: InstanceStorage): string {
  return uid;
}

function storedMemory({ status }: InstanceStorage): RolloutMemory | undefined {
  const { rollout } = status ?? {};
  return rollout === undefined ? undefined : { ...rollout, workloads: rollout.workloads ?? [] };
}

function unreadable(namespace: string, failure: KubeFailure): { readonly condition: ConditionDraft } {
  return {
    condition: isMissingPermission(failure) ? restartForbidden(namespace) : restartFailed(describeFailure(failure)),
  };
}

function refused(namespace: string, { name }: Deployment, failure: KubeFailure): ConditionDraft {
  if (isMissingPermission(failure)) return restartForbidden(namespace);
  const isFinal = failure.status >= 400 && failure.status < 500 && failure.status !== 429;
  return isFinal ? restartRefused(name, describeFailure(failure)) : restartFailed(describeFailure(failure));
}
