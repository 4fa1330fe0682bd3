import { isDeepStrictEqual } from 'node:util';
import { INSTANCE_LABEL, type InstanceStorage, type TeamStorage } from '../api/resources.ts';
import type { Board } from '../controllers/board.ts';
import { referenceKey, sourceKey, teamKey } from '../controllers/indexes.ts';
import { keyOf, keyText, parseKey } from '../controllers/keys.ts';
import type { LedgerStorage } from '../controllers/ledger-store.ts';
import { bucketOfTeam, teamsOn } from '../controllers/neighbourhood.ts';
import type { InstanceDelivery } from '../controllers/instance-delivery.ts';
import type { OutputWriter } from '../controllers/output-writer.ts';
import type { InstancePublication } from '../controllers/published-config.ts';
import type { ReferenceReader } from '../controllers/references.ts';
import type { StatusWriter } from '../controllers/status-writer.ts';
import { requestedAt } from '../controllers/validation-request.ts';
import { findCondition } from '../domain/conditions.ts';
import { instanceOfTeam } from '../domain/instance-settings.ts';
import type { Proof, Publication } from '../domain/update-ledger.ts';
import type { StoreChange } from '../kube/store.ts';
import type { PartialObject } from '../ports/kube.ts';
import type { WorkQueue } from '../runtime/work-queue.ts';
import type { Watches } from './watches.ts';

/**
 * Proofs that arrive together are published together. What a publication costs
 * grows with the claims that it holds, so it gathers for longer: a millisecond
 * for each.
 */
const PUBLISH_DELAY_MS = { least: 100, most: 1_000 };
/** Counts of teams follow at leisure. */
const COUNT_DELAY_MS = 1_000;

export interface TriggerDeps {
  readonly watches: Watches;
  readonly queues: {
    readonly instances: WorkQueue;
    readonly teams: WorkQueue;
    readonly publish: WorkQueue;
    readonly delivery: WorkQueue;
  };
  readonly proofs: Board<string, Proof>;
  readonly publications: Board<string, InstancePublication>;
  readonly deliveries: Board<string, InstanceDelivery>;
  readonly references: ReferenceReader;
  readonly ledgers: LedgerStorage;
  readonly outputs: OutputWriter;
  readonly statuses: {
    readonly instances: Pick<StatusWriter<InstanceStorage>, 'noticed'>;
    readonly teams: Pick<StatusWriter<TeamStorage>, 'noticed'>;
  };
}

/**
 * Which change wakes which controller: all the arrows between watches, boards
 * and queues in one place. Handlers only queue keys.
 */
export function wireTriggers(deps: TriggerDeps): void {
  const { watches, queues } = deps;

  watches.instances.onChange((change) => {
    const key = keyText(keyOf(change.object));
    deps.statuses.instances.noticed(change.object);
    if (isNews(change)) {
      queues.instances.add(key, 'fast');
      queues.publish.add(key, 'fast');
      // Its rivals for the same delivery target as well.
      for (const one of watches.instances.reader.list(change.object.metadata.namespace)) {
        queues.delivery.add(keyText(keyOf(one)), 'fast');
      }
      queues.delivery.add(key, 'fast');
    }
    if (isNews(change) || verdictChanged(change)) wake(watches.teams.reader.list(change.object.metadata.namespace));
  });

  watches.teams.onChange((change) => {
    const { object } = change;
    const instance = instanceKeyOf(object);
    deps.statuses.teams.noticed(object);
    if (isNews(change)) {
      queues.teams.add(keyText(keyOf(object)), 'fast');
      if (instance !== undefined) publishSoon(instance);
      // Rivals for the same team, and those who use this team's bucket.
      const rivals = watches.teams.reader.by('team', teamKey(object));
      wake(rivals.filter((other) => other.metadata.uid !== object.metadata.uid));
      wake(watches.teams.reader.by('source', sourceKey('TeamStorage', object)));
    }
    if (isNews(change) || (object.spec.isolation === 'Required' && verdictChanged(change))) wakeNeighbours(change);
    if (instance !== undefined && (change.type !== 'updated' || verdictChanged(change))) {
      queues.instances.addAfter(instance, COUNT_DELAY_MS, 'periodic');
    }
  });

  watches.allowedSecrets.onChange(({ object }) => {
    deps.references.forgetSecret(keyOf(object));
    wakeReferrers('Secret', object);
  });
  watches.configMaps.onChange((change) => {
    deps.outputs.noticed('ConfigMap', keyOf(change.object), versionOf(change));
    wakePublisher(change.object);
    wakeReferrers('ConfigMap', change.object);
  });
  watches.managedSecrets.onChange((change) => {
    deps.ledgers.noticed(keyOf(change.object), versionOf(change));
    deps.outputs.noticed('Secret', keyOf(change.object), versionOf(change));
    wakePublisher(change.object);
  });

  deps.proofs.onChange((uids) => {
    for (const uid of uids) wakePublisherOf(uid);
  });
  wirePublications(deps);
  deps.deliveries.onChange((keys) => {
    for (const key of keys) {
      queues.instances.add(key, 'fast');
      const { namespace } = parseKey(key);
      // Those whose old key cannot be revoked before the server runs with the new one.
      wake(watches.teams.reader.list(namespace).filter((team) => isRotating(team)));
    }
  });

  /** Those on the bucket that the team is on, or was on: who shares it is told in each. Many come together, so later. */
  function wakeNeighbours(change: StoreChange<TeamStorage>): void {
    const caches = { instances: watches.instances.reader, teams: watches.teams.reader };
    const versions = change.type === 'updated' ? [change.object, change.previous] : [change.object];
    const buckets = new Set(versions.map((team) => bucketOfTeam(team, caches)));
    for (const bucket of buckets) {
      for (const team of bucket === undefined ? [] : teamsOn(bucket, caches)) {
        queues.teams.addAfter(keyText(keyOf(team)), COUNT_DELAY_MS, 'periodic');
      }
    }
  }

  function wake(teams: readonly TeamStorage[]): void {
    for (const team of teams) queues.teams.add(keyText(keyOf(team)), 'fast');
  }

  /** Wakes the storages that refer to the object, and the teams that take their bucket from one of those. */
  function wakeReferrers(kind: 'Secret' | 'ConfigMap', object: PartialObject): void {
    const reference = referenceKey(kind, keyOf(object));
    for (const instance of watches.instances.reader.by('reference', reference)) {
      queues.instances.add(keyText(keyOf(instance)), 'fast');
      wake(watches.teams.reader.by('source', sourceKey('InstanceStorage', instance)));
    }
    for (const team of watches.teams.reader.by('reference', reference)) {
      wake([team]);
      wake(watches.teams.reader.by('source', sourceKey('TeamStorage', team)));
    }
  }

  function publishSoon(instance: string): void {
    const claims = deps.publications.get(instance)?.claims.size ?? 0;
    const delay = Math.min(PUBLISH_DELAY_MS.most, Math.max(PUBLISH_DELAY_MS.least, claims));
    queues.publish.addAfter(instance, delay, 'fast');
  }

  function wakePublisher(output: PartialObject): void {
    const instance = output.metadata.labels?.[INSTANCE_LABEL];
    const namespace = output.metadata.namespace ?? '';
    if (instance !== undefined) publishSoon(`${namespace}/${instance}`);
  }

  function wakePublisherOf(uid: string): void {
    const [instance] = watches.instances.reader.by('uid', uid);
    const [team] = watches.teams.reader.by('uid', uid);
    const key =
      instance !== undefined ? keyText(keyOf(instance)) : team === undefined ? undefined : instanceKeyOf(team);
    if (key !== undefined) publishSoon(key);
  }

  function instanceKeyOf(team: TeamStorage): string | undefined {
    const namespace = team.metadata.namespace ?? '';
    const name = instanceOfTeam(team, watches.instances.reader.list(namespace));
    return name === undefined ? undefined : `${namespace}/${name}`;
  }
}

/** Wakes those whose publication changed, and only those: the others would look and find nothing. */
function wirePublications({ watches, queues, publications }: TriggerDeps): void {
  const seen = new Map<string, InstancePublication | undefined>();
  publications.onChange((keys) => {
    for (const key of keys) {
      const before = seen.get(key);
      const after = publications.get(key);
      seen.set(key, after);
      const { namespace } = parseKey(key);
      const all = isOtherProblem(before, after) || before?.salt === undefined;
      const changed = ({ metadata: { uid = '' } }: InstanceStorage | TeamStorage): boolean =>
        all || gist(before.claims.get(uid)) !== gist(after?.claims.get(uid));
      const instance = watches.instances.reader.get(parseKey(key));
      if (reachesServer(before, after)) queues.delivery.add(key, 'fast');
      if (instance === undefined || showsInInstance(before, after) || changed(instance))
        queues.instances.add(key, 'fast');
      for (const team of watches.teams.reader.list(namespace)) {
        if (changed(team)) queues.teams.add(keyText(keyOf(team)), 'fast');
      }
    }
  });
}

/** Whether the server is to be told something else; a publication that was gone or came is looked at, too. */
function reachesServer(before: InstancePublication | undefined, after: InstancePublication | undefined): boolean {
  return !isDeepStrictEqual(before?.server, after?.server) || (before === undefined) !== (after === undefined);
}

function isRotating({ status }: TeamStorage): boolean {
  return status?.rotation?.rotatedAt !== undefined && status.rotation.previousKeySafeToRevokeAfter === undefined;
}

function isOtherProblem(before: InstancePublication | undefined, after: InstancePublication | undefined): boolean {
  return before?.problem?.reason !== after?.problem?.reason;
}

/** Whether the status of the instance itself tells something else now; counts of teams follow the teams. */
function showsInInstance(before: InstancePublication | undefined, after: InstancePublication | undefined): boolean {
  const shown = (publication: InstancePublication | undefined): string =>
    JSON.stringify([
      publication?.server?.hash,
      publication?.fileStoresBytes,
      publication?.retained,
      publication?.problem?.message,
    ]);
  return shown(before) !== shown(after);
}

/** What of a publication shows in a status. */
function gist(publication: Publication | undefined): string {
  if (publication === undefined || publication.state === 'AwaitingProof') return publication?.state ?? '';
  const { credentialDigest = '', provenAt = '' } = publication.store ?? {};
  const reason = publication.state === 'Refused' ? publication.problem.reason : '';
  return [publication.state, reason, credentialDigest, provenAt].join(' ');
}

/** A change that its own controller must look at: not the echo of a status write. */
function isNews(change: StoreChange<InstanceStorage> | StoreChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const { object, previous } = change;
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    requestedAt(object) !== requestedAt(previous)
  );
}

function verdictChanged(change: StoreChange<InstanceStorage> | StoreChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const gistOf = (object: InstanceStorage | TeamStorage): string =>
    ['Ready', 'Published']
      .map((type) => findCondition(object.status?.conditions ?? [], type))
      .map((condition) => `${condition?.status ?? ''} ${condition?.reason ?? ''} ${condition?.message ?? ''}`)
      .join('|');
  return gistOf(change.object) !== gistOf(change.previous);
}

function versionOf(change: StoreChange<PartialObject>): string | undefined {
  return change.type === 'deleted' ? undefined : change.object.metadata.resourceVersion;
}
