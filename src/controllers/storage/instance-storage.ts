import type { InstanceStorage, InstanceStorageStatus, TeamStorage } from '../../api/resources.ts';
import { fileStoresFilling } from '../../domain/publication/file-stores-filling.ts';
import { keyOf, keyText } from '../../api/object-key.ts';
import { defined } from '../../base/defined.ts';
import { onceFor } from '../../base/once-for.ts';
import { type Admissions } from '../../domain/admission/admit.ts';
import { keyOf as claimKeyOf } from '../../domain/admission/world.ts';
import { asDraft, findCondition, type ConditionDraft } from '../../domain/conditions/conditions.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { InstanceDelivery } from '../delivery/instance-delivery.ts';
import type { InstancePublication } from '../publication/instance-publication.ts';
import { outputName } from '../publication/output-names.ts';
import { acceptedGate, bucketVerdict, refusedVerdict, withNotice } from './storage-gates.ts';
import type { Findings, StorageKind, StorageReport } from './findings.ts';
import type { Verdict } from './verdict.ts';
import { commonStatus, conditionsOf } from './storage-status.ts';
import type { StatusWriter } from './status-writer.ts';
import { resolvedBy, type ResolvedStorage } from './resolved-storage.ts';

/** The part of the reconcile that is specific to InstanceStorage. */
export function createInstanceKind(deps: {
  readonly instances: ObjectReader<Sanitized<InstanceStorage>>;
  readonly teams: ObjectReader<TeamStorage>;
  readonly admissions: Pick<Admissions, 'of' | 'instanceNameOf' | 'isSharing'>;
  readonly statuses: Pick<StatusWriter<InstanceStorage>, 'current'>;
  readonly publications: Pick<ObservableMap<string, InstancePublication>, 'get'>;
  readonly deliveries: Pick<ObservableMap<string, InstanceDelivery>, 'get'>;
  readonly clock: Clock;
}): StorageKind<InstanceStorage> {
  function resolve(key: ObjectKey): ResolvedStorage<InstanceStorage> | undefined {
    const cached = deps.instances.get(key);
    const admission = deps.admissions.of({ kind: 'InstanceStorage', ...key });
    return cached === undefined || admission === undefined
      ? undefined
      : resolvedBy(deps.statuses.current(cached), admission);
  }

  function report(findings: Findings<InstanceStorage>): StorageReport<InstanceStorage> {
    const { object } = findings.resolved;
    const key = keyText(keyOf(object));
    const publication = deps.publications.get(key);
    const delivery = deps.deliveries.get(key);
    const fileStoresBytes = publication?.fileStoresBytes;
    const reported = [...delivered(delivery, object), ...filling(fileStoresBytes)];
    const { conditions, afterMs } = conditionsOf(findings, () => verdict(findings, reported), deps.clock.now());
    const name = outputName(object.metadata.name);
    const rollout = delivery === undefined ? object.status?.rollout : delivery.memory;
    const hash = publication?.server?.hash;
    return {
      status: {
        ...commonStatus(findings),
        ...(hash !== undefined && { config: { secretName: name, configMapName: name, hash } }),
        ...(rollout !== undefined && {
          rollout: { ...rollout, workloads: (rollout.workloads ?? []).map((one) => ({ ...one })) },
        }),
        teams: { ...teamCounts(object), retained: publication?.retained ?? 0 },
        conditions: conditions.map((condition) => ({ ...condition })),
      },
      ...defined({ afterMs, fileStoresBytes }),
    };
  }

  function teamCounts(object: InstanceStorage): Omit<NonNullable<InstanceStorageStatus['teams']>, 'retained'> {
    const teams = deps.teams
      .list(object.metadata.namespace)
      .filter((team) => deps.admissions.instanceNameOf(team) === object.metadata.name);
    return {
      total: teams.length,
      ready: teams.filter((team) => conditionsIn(team).isReady).length,
      published: teams.filter((team) => conditionsIn(team).isPublished).length,
      sharing: teams.filter((team) => deps.admissions.isSharing(claimKeyOf(team))).length,
    };
  }

  return { kind: 'InstanceStorage', resolve, report };
}

/** What is counted of a team: most teams are the same as when they were counted last. */
const conditionsIn = onceFor(({ status }: TeamStorage) => {
  const isTrue = (type: string): boolean => findCondition(status?.conditions ?? [], type)?.status === 'True';
  return { isReady: isTrue('Ready'), isPublished: isTrue('Published') };
});

/** The conditions of the delivery. After a start, the recorded ones are kept until the delivery has run. */
function delivered(delivery: InstanceDelivery | undefined, object: InstanceStorage): readonly ConditionDraft[] {
  if (delivery !== undefined) return delivery.conditions;
  const previous = object.status?.conditions ?? [];
  return previous.filter(({ type }) => type === 'Delivered' || type === 'RolledOut').map(asDraft);
}

function filling(fileStoresBytes = 0): readonly ConditionDraft[] {
  const condition = fileStoresFilling(fileStoresBytes);
  return condition === undefined ? [] : [condition];
}

function verdict(findings: Findings<InstanceStorage>, reported: readonly ConditionDraft[]): Verdict {
  const { conditions, ...ready } = readiness(findings);
  return { ...ready, conditions: [...conditions, ...reported] };
}

function readiness(findings: Findings<InstanceStorage>): Verdict {
  const { object, problem, storage, notice } = findings.resolved;
  if (problem !== undefined) return refusedVerdict(problem, findings, object.metadata.name);
  if (storage !== undefined) return bucketVerdict(findings, storage, object.metadata.name);
  return {
    conditions: [acceptedGate(notice)],
    readyReason: 'Valid',
    readyMessage: withNotice('W&B manages the default bucket of this deployment.', notice),
  };
}
