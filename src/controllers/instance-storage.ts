import type { InstanceStorage, InstanceStorageStatus, TeamStorage } from '../api/resources.ts';
import { notAvailable } from '../domain/availability.ts';
import { fileStoresFilling } from '../domain/file-stores-filling.ts';
import { findCondition, type ConditionDraft } from '../domain/conditions.ts';
import { instanceOfTeam } from '../domain/instance-settings.ts';
import { parseBucket } from '../domain/parse-bucket.ts';
import type { Screened } from '../domain/screen-spec.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectCache, ObjectKey } from '../ports/kube.ts';
import { keyText } from './keys.ts';
import { outputName } from './output-names.ts';
import { ACCEPTED, bucketVerdict, refusedVerdict } from './storage-gates.ts';
import type { Findings, StorageKind } from './storage-reconciler.ts';
import { commonStatus, conditionsOf, type Verdict } from './storage-status.ts';
import type { StatusWriter } from './status-writer.ts';
import { withStorage, type Subject } from './subject.ts';

/** What is particular to InstanceStorage. */
export function createInstanceKind(deps: {
  readonly instances: ObjectCache<Screened<InstanceStorage>>;
  readonly teams: ObjectCache<TeamStorage>;
  readonly statuses: Pick<StatusWriter<InstanceStorage>, 'current'>;
  readonly clock: Clock;
}): StorageKind<InstanceStorage> {
  function resolve(key: ObjectKey): Subject<InstanceStorage> | undefined {
    const cached = deps.instances.get(key);
    if (cached === undefined) return undefined;
    const object = deps.statuses.current(cached);
    const common = { object, instance: object, instanceKey: keyText(key) };
    const problem = cached.flaws?.problem;
    if (problem !== undefined) return { ...common, problem };
    const { bucket, deployment } = object.spec;
    if (bucket === undefined && deployment.type !== 'SelfManaged') return common;
    const storage = parseBucket(bucket, 'spec.bucket');
    if (!storage.ok) return { ...common, problem: storage.error };
    const refusal = notAvailable(deployment, 'instance', storage.value.provider);
    return refusal === undefined ? withStorage(common, storage.value) : { ...common, problem: refusal };
  }

  function status(findings: Findings<InstanceStorage>): {
    readonly status: InstanceStorageStatus;
    readonly afterMs?: number;
  } {
    const { object } = findings.subject;
    const { conditions, afterMs } = conditionsOf(object, () => verdict(findings), reported(findings), deps.clock.now());
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
    const instances = deps.instances.list(object.metadata.namespace);
    const teams = deps.teams
      .list(object.metadata.namespace)
      .filter((team) => instanceOfTeam(team, instances) === object.metadata.name);
    const count = (type: string): number =>
      teams.filter((team) => findCondition(team.status?.conditions ?? [], type)?.status === 'True').length;
    return {
      total: teams.length,
      ready: count('Ready'),
      published: count('Published'),
      retained: findings.publication?.retained ?? 0,
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
  return previous.filter(({ type }) => type === 'Delivered' || type === 'RolledOut');
}

function verdict(findings: Findings<InstanceStorage>): Verdict {
  const { object, problem, storage } = findings.subject;
  if (problem !== undefined) return refusedVerdict(problem, findings, object.metadata.name);
  if (storage !== undefined) return bucketVerdict(findings, storage, object.metadata.name);
  return {
    gates: [ACCEPTED],
    readyReason: 'Valid',
    readyMessage: 'W&B manages the default bucket of this deployment.',
  };
}
