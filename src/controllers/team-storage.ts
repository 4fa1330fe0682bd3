import type { InstanceStorage, TeamStorage, TeamStorageStatus } from '../api/resources.ts';
import { notAvailable } from '../domain/availability.ts';
import { findCondition, type ConditionDraft } from '../domain/conditions.ts';
import { teamConflict } from '../domain/conflicts.ts';
import { instanceOfTeam } from '../domain/instance-settings.ts';
import { isolationViolation, judgeIsolation, type Surroundings } from '../domain/isolation.ts';
import type { Problem } from '../domain/problem.ts';
import type { GateVerdict } from '../domain/readiness.ts';
import { findInstance, resolveTeamBucket } from '../domain/resolve-team.ts';
import type { BucketStorage } from '../domain/storage.ts';
import { teamForm } from '../domain/team-form.ts';
import { storeOfPublication } from '../domain/update-ledger.ts';
import type { Screened } from '../domain/screen-spec.ts';
import type { Clock } from '../ports/clock.ts';
import type { IndexedCache, ObjectCache, ObjectKey } from '../ports/kube.ts';
import type { Board } from './board.ts';
import { teamKey, type TeamIndex } from './indexes.ts';
import { keyOf, keyText } from './keys.ts';
import { isolationGate, isolationReport, isolationStatus } from './isolation-status.ts';
import { surroundingsOf } from './neighbourhood.ts';
import { outputName } from './output-names.ts';
import type { Provisions } from './provision.ts';
import type { InstancePublication } from './published-config.ts';
import { ACCEPTED, bucketVerdict, refusedVerdict } from './storage-gates.ts';
import type { Findings, StorageKind } from './storage-reconciler.ts';
import { commonStatus, conditionsOf, storeOf, type Verdict } from './storage-status.ts';
import type { StatusWriter } from './status-writer.ts';
import { withStorage, type Subject } from './subject.ts';

/** What is particular to TeamStorage. */
export function createTeamKind(deps: {
  readonly instances: ObjectCache<InstanceStorage>;
  readonly teams: IndexedCache<Screened<TeamStorage>, TeamIndex>;
  readonly publications: Board<string, InstancePublication>;
  readonly provisions: Provisions;
  readonly statuses: Pick<StatusWriter<TeamStorage>, 'current'>;
  readonly clock: Clock;
}): StorageKind<TeamStorage> {
  function resolve(key: ObjectKey): Subject<TeamStorage> | undefined {
    const cached = deps.teams.get(key);
    if (cached === undefined) return undefined;
    const object = deps.statuses.current(cached);
    const instances = deps.instances.list(key.namespace);
    const found = findInstance(object, instances);
    if (!found.ok) return { ...withoutInstance(object, instances), problem: cached.flaws?.problem ?? found.error };
    const problem = cached.flaws?.problem;
    const accepted = { object, instance: found.value, instanceKey: keyText(keyOf(found.value)) };
    return problem === undefined ? resolveAmong(accepted, instances) : { ...accepted, problem };
  }

  /** An instance that is gone may still have published the team's bucket. */
  function withoutInstance(object: TeamStorage, instances: readonly InstanceStorage[]): Subject<TeamStorage> {
    const name = instanceOfTeam(object, instances);
    const { namespace = '' } = object.metadata;
    return { object, ...(name !== undefined && { instanceKey: keyText({ namespace, name }) }) };
  }

  /** Judges the claim beside all others, and finds its bucket. */
  function resolveAmong(
    accepted: Subject<TeamStorage> & { readonly instance: InstanceStorage; readonly instanceKey: string },
    instances: readonly InstanceStorage[],
  ): Subject<TeamStorage> {
    const { object, instance, instanceKey } = accepted;
    const rivals = deps.teams
      .by('team', teamKey(object))
      .filter((team) => instanceOfTeam(team, instances) === instance.metadata.name);
    const conflict = teamConflict(object, rivals, (uid) => isBound(instanceKey, uid));
    if (conflict !== undefined) return { ...accepted, problem: conflict };
    const storage = resolveTeamBucket(object, instances, sourceTeams(object));
    if (!storage.ok) return { ...accepted, problem: storage.error };
    const surroundings = surroundingsOf({ team: object, instance, storage: storage.value }, deps, isBoundTo);
    const refusal = refusalOf(instance, storage.value, surroundings);
    if (refusal !== undefined) return { ...accepted, problem: refusal };
    const placed = { ...accepted, isolation: judgeIsolation(surroundings) };
    return storage.value === undefined ? placed : withStorage(placed, storage.value, sourceOf(object));
  }

  /** The storage whose bucket this team uses, where it is another's. */
  function sourceOf({ metadata, spec }: TeamStorage): InstanceStorage | TeamStorage | undefined {
    const { teamStorageRef, instanceStorageRef } = spec.bucketFrom ?? {};
    const namespace = metadata.namespace ?? '';
    if (instanceStorageRef !== undefined) return deps.instances.get({ namespace, name: instanceStorageRef.name });
    return teamStorageRef === undefined ? undefined : deps.teams.get({ namespace, name: teamStorageRef.name });
  }

  function sourceTeams(team: TeamStorage): readonly TeamStorage[] {
    const source = sourceOf(team);
    return source?.kind === 'TeamStorage' ? [source] : [];
  }

  function isBoundTo({ metadata }: TeamStorage, instanceName = ''): boolean {
    return isBound(keyText({ namespace: metadata.namespace ?? '', name: instanceName }), metadata.uid ?? '');
  }

  /** Whether the ledger holds a store for the claim: it beats one that was never published. */
  function isBound(instanceKey: string, uid: string): boolean {
    return storeOfPublication(deps.publications.get(instanceKey)?.claims.get(uid)) !== undefined;
  }

  function status(findings: Findings<TeamStorage>): { readonly status: TeamStorageStatus; readonly afterMs?: number } {
    const { object, instance } = findings.subject;
    const { conditions, afterMs } = conditionsOf(
      object,
      () => verdict(findings),
      [...isolationReport(findings), ...provisioned(object)],
      deps.clock.now(),
    );
    const instanceRef = instance === undefined ? object.status?.instanceRef : { name: instance.metadata.name };
    return {
      status: {
        ...commonStatus(findings),
        ...formOf(findings),
        ...isolationStatus(findings),
        ...(instanceRef !== undefined && { instanceRef }),
        conditions: conditions.map((condition) => ({ ...condition })),
      },
      ...(afterMs !== undefined && { afterMs }),
    };
  }

  /** What was said before the operator was restarted stands until it has looked. */
  function provisioned({ metadata, spec, status: before }: TeamStorage): readonly ConditionDraft[] {
    if (spec.provision === undefined) return [];
    const said = deps.provisions.get(metadata.uid ?? '') ?? findCondition(before?.conditions ?? [], 'Provisioned');
    return said === undefined ? [] : [said];
  }

  return { kind: 'TeamStorage', resolve, status };
}

function verdict(findings: Findings<TeamStorage>): Verdict {
  const { object, problem, storage, instance } = findings.subject;
  const instanceName = instance?.metadata.name ?? object.status?.instanceRef?.name ?? '';
  if (problem !== undefined) return refusedVerdict(problem, findings, instanceName);
  const isolated = isolationGate(findings);
  if (storage !== undefined) {
    const bucket = bucketVerdict(findings, storage, instanceName);
    return { ...bucket, gates: [...bucket.gates, ...isolated] };
  }
  return {
    gates: [ACCEPTED, mirrored(instance), ...isolated],
    readyReason: 'Valid',
    readyMessage: `Team ${object.spec.team} is on the instance bucket, which is Ready.`,
  };
}

function refusalOf(
  instance: InstanceStorage,
  storage: BucketStorage | undefined,
  surroundings: Surroundings,
): Problem | undefined {
  if (storage === undefined) return undefined;
  return notAvailable(instance.spec.deployment, 'team', storage.provider) ?? isolationViolation(surroundings);
}

/** A team on the instance bucket is as ready as that (design 3). */
function mirrored(instance: InstanceStorage | undefined): GateVerdict {
  const ready = findCondition(instance?.status?.conditions ?? [], 'Ready');
  const name = instance?.metadata.name ?? '';
  if (ready?.status === 'True') return { type: 'Ready', status: 'True', reason: 'Valid', message: '' };
  const what = ready === undefined ? 'has not been validated yet.' : `is not Ready: ${ready.message}`;
  return {
    type: 'Ready',
    status: ready?.status ?? 'Unknown',
    reason: 'InstanceNotReady',
    message: `The team is on the bucket of InstanceStorage ${name}, which ${what}`,
    failureClass: 'reference',
  };
}

function formOf(findings: Findings<TeamStorage>): Partial<TeamStorageStatus> {
  const { object, storage, problem, instance } = findings.subject;
  if (problem !== undefined) return {};
  const form = { teamForm: teamForm(object.spec, storage, object.spec.bucketFrom !== undefined) };
  if (storage === undefined) return { ...form, bucket: '(instance bucket)' };
  if (storeOf(findings) === undefined || instance === undefined) return form;
  const name = outputName(instance.metadata.name);
  return { ...form, config: { secretName: name, configMapName: name } };
}
