import type { InstanceStorage, TeamStorage, TeamStorageStatus } from '../../api/resources.ts';
import type { Admissions } from '../../domain/admission/admit.ts';
import { findCondition, recordedDraft, type ConditionDraft } from '../../domain/conditions/conditions.ts';
import { defined } from '../../base/defined.ts';
import type { GateVerdict } from '../../domain/conditions/readiness.ts';
import { teamForm } from '../../domain/status/team-form.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { ObjectReader } from '../../ports/kube.ts';
import { isolated, isolationStatus } from './isolation-status.ts';
import { READY_REASONS } from '../../domain/status/reasons.ts';
import { outputName } from '../publication/output-names.ts';
import type { Provisions } from '../provision/provision.ts';
import { ACCEPTED, bucketVerdict, keptVerdict, refusedVerdict } from './storage-gates.ts';
import type { Findings, StorageKind, StorageReport } from './findings.ts';
import { recordOf, type Verdict } from './verdict.ts';
import { commonStatus, conditionsOf } from './storage-status.ts';
import type { StatusWriter } from './status-writer.ts';
import { resolvedBy, type ResolvedStorage } from './resolved-storage.ts';

/** The part of the reconcile that is specific to TeamStorage. */
export function createTeamKind(deps: {
  readonly teams: ObjectReader<Sanitized<TeamStorage>>;
  readonly instances: Pick<ObjectReader<InstanceStorage>, 'get'>;
  readonly admissions: Pick<Admissions, 'of'>;
  readonly provisions: Provisions;
  readonly statuses: Pick<StatusWriter<TeamStorage>, 'current'>;
  readonly clock: Clock;
}): StorageKind<TeamStorage> {
  function resolve(key: ObjectKey): ResolvedStorage<TeamStorage> | undefined {
    const cached = deps.teams.get(key);
    const admission = deps.admissions.of({ kind: 'TeamStorage', ...key });
    if (cached === undefined || admission === undefined) return undefined;
    const resolved = resolvedBy(deps.statuses.current(cached), admission);
    return { ...resolved, ...defined({ mirrored: mirroredBy(resolved) }) };
  }

  function mirroredBy({ object, instance, storage }: ResolvedStorage<TeamStorage>): InstanceStorage | undefined {
    if (instance === undefined || storage !== undefined) return undefined;
    return deps.instances.get({ namespace: object.metadata.namespace ?? '', name: instance.metadata.name });
  }

  function report(findings: Findings<TeamStorage>): StorageReport<TeamStorage> {
    const { object, instance } = findings.resolved;
    const { conditions, afterMs } = conditionsOf(
      findings,
      () => verdict(readiness(findings), [...isolated(findings), ...provisioned(object)]),
      deps.clock.now(),
    );
    const instanceRef = instance === undefined ? object.status?.instanceRef : { name: instance.metadata.name };
    return {
      status: {
        ...commonStatus(findings),
        ...formOf(findings),
        ...isolationStatus(findings, findCondition(conditions, 'Ready')?.status === 'True'),
        ...(instanceRef !== undefined && { instanceRef }),
        conditions: conditions.map((condition) => ({ ...condition })),
      },
      ...defined({ afterMs }),
    };
  }

  /** After a start, the recorded condition is kept until the provisioning has run. */
  function provisioned({ metadata, spec, status: before }: TeamStorage): readonly ConditionDraft[] {
    if (spec.provision === undefined) return [];
    const reported = deps.provisions.get(metadata.uid ?? '') ?? recordedDraft(before?.conditions ?? [], 'Provisioned');
    return reported === undefined ? [] : [reported];
  }

  return { kind: 'TeamStorage', resolve, report };
}

function verdict({ conditions, ...ready }: Verdict, others: readonly GateVerdict[]): Verdict {
  return { ...ready, conditions: [...conditions, ...others] };
}

function readiness(findings: Findings<TeamStorage>): Verdict {
  const { object, problem, storage, instance, mirrored } = findings.resolved;
  const instanceName = instance?.metadata.name ?? object.status?.instanceRef?.name ?? '';
  if (problem !== undefined) return refusedVerdict(problem, findings, instanceName);
  if (storage !== undefined) return bucketVerdict(findings, storage, instanceName);
  return {
    conditions: [ACCEPTED, readinessOf(mirrored), ...keptVerdict(findings, instanceName)],
    readyReason: 'Valid',
    readyMessage: `Team ${object.spec.team} is on the instance bucket, which is Ready.`,
  };
}

/** A team on the instance bucket has the readiness of the instance. */
function readinessOf(instance: InstanceStorage | undefined): GateVerdict {
  const ready = findCondition(instance?.status?.conditions ?? [], 'Ready');
  const name = instance?.metadata.name ?? '';
  if (ready?.status === 'True') return { type: 'Ready', status: 'True', reason: 'Valid', message: '' };
  const what = ready === undefined ? 'has not been validated yet.' : `is not Ready: ${ready.message}`;
  return {
    type: 'Ready',
    status: ready?.status ?? 'Unknown',
    reason: 'InstanceNotReady',
    message: `The team is on the bucket of InstanceStorage ${name}, which ${what}`,
    failureClass: READY_REASONS.InstanceNotReady.class,
  };
}

function formOf(findings: Findings<TeamStorage>): Partial<TeamStorageStatus> {
  const { object, storage, problem, instance } = findings.resolved;
  if (problem !== undefined) return {};
  const form = { teamForm: teamForm(object.spec, storage, object.spec.bucketFrom !== undefined) };
  if (storage === undefined) return { ...form, bucket: '(instance bucket)' };
  if (recordOf(findings) === undefined || instance === undefined) return form;
  const name = outputName(instance.metadata.name);
  return { ...form, config: { secretName: name, configMapName: name } };
}
