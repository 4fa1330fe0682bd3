import type { InstanceStorage, InstanceStorageStatus, TeamStorage } from '../../api/resources.ts';
import { fileStoresFilling } from '../../domain/publication/file-stores-filling.ts';
import { type Admissions } from '../../domain/admission/admit.ts';
import { keyOf } from '../../domain/admission/world.ts';
import { asDraft, findCondition, type ConditionDraft } from '../../domain/conditions/conditions.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { ObjectCache } from '../../ports/kube.ts';
import { outputName } from '../publication/output-names.ts';
import { acceptedGate, bucketVerdict, refusedVerdict, withNotice } from './storage-gates.ts';
import type { Findings, StorageKind } from './findings.ts';
import type { Verdict } from './verdict.ts';
import { commonStatus, conditionsOf } from './storage-status.ts';
import type { StatusWriter } from './status-writer.ts';
import { subjectOf, type ResolvedStorage } from './resolved-storage.ts';

/** What is particular to InstanceStorage. */
export function createInstanceKind(deps: {
  readonly instances: ObjectCache<Sanitized<InstanceStorage>>;
  readonly teams: ObjectCache<TeamStorage>;
  readonly admissions: Pick<Admissions, 'of' | 'whereabouts' | 'isSharing'>;
  readonly statuses: Pick<StatusWriter<InstanceStorage>, 'current'>;
  readonly clock: Clock;
}): StorageKind<InstanceStorage> {
  function resolve(key: ObjectKey): ResolvedStorage<InstanceStorage> | undefined {
    const cached = deps.instances.get(key);
    const admission = deps.admissions.of({ kind: 'InstanceStorage', ...key });
    return cached === undefined || admission === undefined
      ? undefined
      : subjectOf(deps.statuses.current(cached), admission);
  }

  function status(findings: Findings<InstanceStorage>): {
    readonly status: InstanceStorageStatus;
    readonly afterMs?: number;
  } {
    const { object } = findings.subject;
    const { conditions, afterMs } = conditionsOf(
      findings,
      () => verdict(findings),
      reported(findings),
      deps.clock.now(),
    );
    const name = outputName(object.metadata.name);
    const rollout = findings.delivery === undefined ? object.status?.rollout : findings.delivery.memory;
    const hash = findings.publication?.server?.hash;
    return {
      status: {
        ...commonStatus(findings),
        ...(hash !== undefined && { config: { secretName: name, configMapName: name, hash } }),
        ...(rollout !== undefined && {
          rollout: { ...rollout, workloads: (rollout.workloads ?? []).map((one) => ({ ...one })) },
        }),
        teams: teamCounts(findings),
        conditions: conditions.map((condition) => ({ ...condition })),
      },
      ...(afterMs !== undefined && { afterMs }),
    };
  }

  function teamCounts(findings: Findings<InstanceStorage>): NonNullable<InstanceStorageStatus['teams']> {
    const { object } = findings.subject;
    const teams = deps.teams
      .list(object.metadata.namespace)
      .filter((team) => deps.admissions.whereabouts(team).instanceName === object.metadata.name);
    const count = (type: string): number =>
      teams.filter((team) => findCondition(team.status?.conditions ?? [], type)?.status === 'True').length;
    return {
      total: teams.length,
      ready: count('Ready'),
      published: count('Published'),
      retained: findings.publication?.retained ?? 0,
      sharing: teams.filter((team) => deps.admissions.isSharing(keyOf(team))).length,
    };
  }

  return { kind: 'InstanceStorage', resolve, status };
}

/** What is reported besides Ready. */
function reported(findings: Findings<InstanceStorage>): readonly ConditionDraft[] {
  const filling = fileStoresFilling(findings.publication?.fileStoresBytes ?? 0);
  return [...delivered(findings), ...(filling === undefined ? [] : [filling])];
}

/** What is said of the delivery; what was said before the operator was restarted stands until it has looked. */
function delivered({ delivery, subject }: Findings<InstanceStorage>): readonly ConditionDraft[] {
  if (delivery !== undefined) return delivery.conditions;
  const previous = subject.object.status?.conditions ?? [];
  return previous.filter(({ type }) => type === 'Delivered' || type === 'RolledOut').map(asDraft);
}

function verdict(findings: Findings<InstanceStorage>): Verdict {
  const { object, problem, storage, notice } = findings.subject;
  if (problem !== undefined) return refusedVerdict(problem, findings, object.metadata.name);
  if (storage !== undefined) return bucketVerdict(findings, storage, object.metadata.name);
  return {
    gates: [acceptedGate(notice)],
    readyReason: 'Valid',
    readyMessage: withNotice('W&B manages the default bucket of this deployment.', notice),
  };
}
