import type { TeamStorage } from '../../api/resources.ts';
import { type Admission, type Admissions } from '../../domain/admission/admit.ts';
import { keyOf as keyOfClaim, type DeclaredInstance } from '../../domain/admission/world.ts';
import { findCondition, recordedDraft, type ConditionDraft } from '../../domain/conditions/conditions.ts';
import {
  apiKeyUnreadable,
  serverNotConfigured,
  teamAdopted,
  teamCreated,
  waitingForReady,
  waitingForRollout,
} from '../../domain/provision/provision-conditions.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { scimBucket } from '../../domain/provision/scim.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { Result } from '../../base/result.ts';
import type { Sanitized } from '../../domain/spec/sanitize-spec.ts';
import type { ServerRun } from '../../domain/status/status-fields.ts';
import type { ObjectKey } from '../../api/object.ts';
import type { EventRecorder, ObjectReader } from '../../ports/kube.ts';
import type { Log } from '../../ports/log.ts';
import type { ServerAccess, WandbServer } from '../../ports/wandb-server.ts';
import type { Outcome } from '../../runtime/controller.ts';
import type { Shard } from '../shard/shard.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import { serverRun, type InstanceDelivery } from '../delivery/instance-delivery.ts';
import { keyOf, keyText, parseKey } from '../../api/object-key.ts';
import { createIncarnations } from '../incarnations.ts';
import { provisionTeam, type WantedTeam } from './provision-team.ts';
import type { InstancePublication } from '../publication/instance-publication.ts';

/** The known state of a team in W&B, by UID of the TeamStorage: `Provisioned`. */
export type Provisions = ObservableMap<string, ConditionDraft>;

/** Answers that may change without an edit. */
const TRANSIENT = new Set(['ServerUnreachable', 'ProviderNotOffered', 'BucketRefused']);

/**
 * Creates teams in W&B, once each, when their bucket is Ready and the server runs with it. An existing team is never
 * checked again, changed or deleted. Reported by `Provisioned`, which is not a gate.
 */
// eslint-disable-next-line max-lines-per-function -- its steps share the teams that W&B did not answer for
export function createProvision(deps: {
  readonly teams: ObjectReader<Sanitized<TeamStorage>>;
  readonly admissions: Pick<Admissions, 'of'>;
  readonly publications: ObservableMap<string, InstancePublication>;
  readonly deliveries: ObservableMap<string, InstanceDelivery>;
  readonly provisions: Provisions;
  readonly readApiKey: (key: ObjectKey, field: string, url: string) => Promise<Result<ApiKey, Problem>>;
  readonly connect: (access: ServerAccess) => WandbServer;
  readonly events: EventRecorder;
  readonly log: Log;
  readonly shard: Pick<Shard, 'actsOnTeam'>;
}) {
  /** UIDs of the teams that were requested from W&B without an answer. */
  const lost = new Set<string>();
  const seen = createIncarnations((uid) => {
    deps.provisions.set([[uid, undefined]]);
    lost.delete(uid);
  });

  /** Provisions for the TeamStorage `namespace/name`. */
  async function reconcile(key: string): Promise<Outcome> {
    const team = deps.shard.actsOnTeam(key) ? deps.teams.get(parseKey(key)) : undefined;
    seen(key, team?.metadata.uid);
    if (team?.metadata.uid === undefined) return { kind: 'done' };
    const { uid } = team.metadata;
    if (team.spec.provision === undefined) {
      deps.provisions.set([[uid, undefined]]);
      return { kind: 'done' };
    }
    if (team.spec.suspend === true || team.metadata.deletionTimestamp !== undefined) return { kind: 'done' };
    const condition = await provision(team, uid);
    const { type, status, reason, message } = condition;
    deps.provisions.set([[uid, { type, status, reason, message }]]);
    announce(team, condition);
    return next(condition);
  }

  async function provision(team: Sanitized<TeamStorage>, uid: string): Promise<ConditionDraft> {
    const admission = deps.admissions.of(keyOfClaim(team));
    const wanted = wantedTeam(team, admission);
    const stands = deps.provisions.get(uid) ?? recordedDraft(team.status?.conditions ?? [], 'Provisioned');
    if (stands !== undefined && isDone(stands, wanted)) return stands;
    const instance = instanceFor(team, admission);
    if (instance === undefined || wanted === undefined) return waitingForReady();
    if (runOf(instance).kind === 'Pending') return waitingForRollout();
    return create(uid, wanted, { instance, isOurs: lost.has(uid) || stands?.reason === 'AdminNotAssigned' });
  }

  async function create(
    uid: string,
    wanted: WantedTeam,
    by: { readonly instance: DeclaredInstance; readonly isOurs: boolean },
  ): Promise<ConditionDraft> {
    const access = await accessTo(by.instance);
    if ('condition' in access) return access.condition;
    const server = deps.connect(access);
    const { condition, isLost } = await provisionTeam(server, wanted, { url: access.url, isOurs: by.isOurs });
    if (isLost) lost.add(uid);
    else lost.delete(uid);
    return condition;
  }

  function runOf(instance: DeclaredInstance): ServerRun {
    const key = keyText(keyOf(instance));
    return serverRun(instance, deps.deliveries.get(key), deps.publications.get(key)?.server?.hash);
  }

  async function accessTo(instance: DeclaredInstance): Promise<ServerAccess | { readonly condition: ConditionDraft }> {
    const { url, apiKeySecretRef } = instance.spec.deployment;
    if (url === undefined || apiKeySecretRef === undefined) {
      const lacks = [
        ...(url === undefined ? ['spec.deployment.url'] : []),
        ...(apiKeySecretRef === undefined ? ['spec.deployment.apiKeySecretRef'] : []),
      ];
      return { condition: serverNotConfigured(instance.metadata.name, lacks) };
    }
    const { namespace } = keyOf(instance);
    const { name, key: field = 'WANDB_API_KEY' } = apiKeySecretRef;
    const key = await deps.readApiKey({ namespace, name }, field, url);
    return key.ok ? { url, ...key.value } : { condition: apiKeyUnreadable(key.error) };
  }

  function wantedTeam(team: TeamStorage, admission: Admission | undefined): WantedTeam | undefined {
    if (admission === undefined || !admission.isResolved) return undefined;
    const { team: name, provision: asked } = team.spec;
    const { storage } = admission;
    return {
      name,
      ...(asked?.admin !== undefined && { admin: asked.admin }),
      members: asked?.members ?? [],
      bucket: storage === undefined ? undefined : scimBucket(storage),
    };
  }

  function announce(team: TeamStorage, condition: ConditionDraft): void {
    const previous = findCondition(team.status?.conditions ?? [], 'Provisioned');
    if (condition.reason === previous?.reason || condition.status !== 'True') return;
    const { name, namespace } = team.metadata;
    deps.log.info({ namespace, name, team: team.spec.team, reason: condition.reason }, 'team exists in W&B');
    deps.events.record({
      regarding: team,
      type: 'Normal',
      reason: condition.reason,
      action: 'Provision',
      note: condition.message.slice(0, 1000),
    });
  }

  return { reconcile };
}

/** An API key, and the user it belongs to. */
export type ApiKey = Pick<ServerAccess, 'apiKey' | 'username'>;

/** A team that exists with the wanted bucket is not requested again: W&B never moves one. */
function isDone(stands: ConditionDraft, wanted: WantedTeam | undefined): boolean {
  if (wanted === undefined) return false;
  const done = [teamCreated(wanted.name, wanted.bucket), teamAdopted(wanted.name, wanted.bucket)];
  return done.some(({ reason, message }) => stands.reason === reason && stands.message === message);
}

/**
 * The cause of the condition determines the next try. Watches of this controller wake teams that wait for the operator.
 */
function next({ status, reason }: ConditionDraft): Outcome {
  if (status === 'True' || reason === 'WaitingForReady' || reason === 'WaitingForRollout') return { kind: 'done' };
  const { transient, other } = INTERVALS.provision;
  return { kind: 'requeue', afterMs: TRANSIENT.has(reason) ? transient : other, lane: 'periodic' };
}

/** The instance in which the team is to be created, if the team is accepted and Ready. */
function instanceFor(team: TeamStorage, admission: Admission | undefined): DeclaredInstance | undefined {
  return admission?.mayProve === true && isReady(team) ? admission.instance : undefined;
}

/** Ready and, with a bucket of its own, published; both for the present spec. */
function isReady({ metadata, status }: TeamStorage): boolean {
  const conditions = status?.conditions ?? [];
  const ready = findCondition(conditions, 'Ready');
  const published = findCondition(conditions, 'Published');
  const isCurrent = ready?.observedGeneration === (metadata.generation ?? 0);
  return isCurrent && ready.status === 'True' && (published === undefined || published.status === 'True');
}
