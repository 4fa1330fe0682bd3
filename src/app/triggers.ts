import { isDeepStrictEqual } from 'node:util';
import { INSTANCE_LABEL, type InstanceStorage, type TeamStorage } from '../api/resources.ts';
import type { ObservableMap } from '../runtime/observable-map.ts';
import { referenceKey, sourceKey, teamKey } from '../controllers/storage/indexes.ts';
import { keyOf, keyText, parseKey } from '../api/object-key.ts';
import type { Ledgers } from '../controllers/admission/ledgers.ts';
import type { LedgerStore } from '../controllers/publication/ledger-store.ts';
import type { RemovalCheck } from '../controllers/publication/removal-check.ts';
import type { InstanceDelivery } from '../controllers/delivery/instance-delivery.ts';
import type { OutputWriter } from '../controllers/publication/output-writer.ts';
import type { InstancePublication } from '../controllers/publication/instance-publication.ts';
import type { ReferenceReader } from '../controllers/references/references.ts';
import type { StatusWriter } from '../controllers/storage/status-writer.ts';
import { type Admissions } from '../domain/admission/admit.ts';
import { keyOf as claimKeyOf, type ClaimKey } from '../domain/admission/world.ts';
import type { ClaimPublication } from '../domain/publication/claim-publication.ts';
import { claimId, placeOf, recordsOf } from '../domain/publication/ledger.ts';
import type { Proof } from '../domain/publication/proof.ts';
import type { StoreChange } from '../kube/store.ts';
import type { PartialObject } from '../api/object.ts';
import type { WorkQueue } from '../runtime/work-queue.ts';
import { isNews, verdictChanged } from './news.ts';
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
  readonly proofs: ObservableMap<string, Proof>;
  readonly publications: ObservableMap<string, InstancePublication>;
  readonly deliveries: ObservableMap<string, InstanceDelivery>;
  readonly references: ReferenceReader;
  readonly admissions: Admissions;
  readonly ledgers: Ledgers;
  readonly store: Pick<LedgerStore, 'invalidate'>;
  readonly outputs: Pick<OutputWriter, 'invalidate'>;
  readonly removals: Pick<RemovalCheck, 'deleted'>;
  readonly statuses: {
    readonly instances: Pick<StatusWriter<InstanceStorage>, 'invalidate'>;
    readonly teams: Pick<StatusWriter<TeamStorage>, 'invalidate'>;
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
    const { namespace = '' } = change.object.metadata;
    const teams = watches.teams.reader.list(namespace);
    deps.statuses.instances.invalidate(change.object);
    if (change.type === 'deleted') deps.removals.deleted(namespace);
    if (isNews(change)) {
      note([claimKeyOf(change.object), ...teams.map(claimKeyOf)]);
      queues.instances.add(key, 'fast');
      queues.publish.add(key, 'fast');
      // Its rivals for the same delivery target as well, and those who are told that there is another.
      for (const one of watches.instances.reader.list(namespace)) {
        queues.delivery.add(keyText(keyOf(one)), 'fast');
        if (change.type !== 'updated') queues.instances.addAfter(keyText(keyOf(one)), COUNT_DELAY_MS, 'periodic');
      }
      queues.delivery.add(key, 'fast');
      wake(teams);
    } else if (verdictChanged(change)) {
      // Those on the instance bucket are as ready as that.
      wake(teams.filter(({ spec }) => spec.bucket === undefined));
    }
  });

  watches.teams.onChange((change) => {
    const { object } = change;
    deps.statuses.teams.invalidate(object);
    if (change.type === 'deleted') deps.removals.deleted(object.metadata.namespace ?? '');
    const instances = isNews(change) || change.type !== 'updated' || verdictChanged(change) ? instancesOf(object) : [];
    if (isNews(change)) {
      const users = watches.teams.reader.by('source', sourceKey('TeamStorage', object));
      note([claimKeyOf(object), ...users.map(claimKeyOf)]);
      queues.teams.add(keyText(keyOf(object)), 'fast');
      for (const instance of new Set([...instances, ...instancesOf(object), ...usedBefore(change)]))
        publishSoon(instance);
      // Rivals for the same team, also for the one that it claimed before, and those who use this team's bucket.
      const versions = change.type === 'updated' ? [object, change.previous] : [object];
      const rivals = versions.flatMap(({ metadata: { namespace = '' }, spec: { team } }) =>
        watches.teams.reader.by('team', teamKey({ namespace, team })),
      );
      wake(rivals.filter((other) => other.metadata.uid !== object.metadata.uid));
      wake(users);
    }
    if (change.type !== 'updated' || verdictChanged(change)) {
      for (const instance of instances) queues.instances.addAfter(instance, COUNT_DELAY_MS, 'periodic');
    }
  });

  // Not at once: what is being written is decided for many claims in one step.
  deps.ledgers.onChange((claims) => note(claims));

  watches.allowedSecrets.onChange(({ object }) => {
    deps.references.forgetSecret(keyOf(object));
    wakeReferrers('Secret', object);
  });
  watches.configMaps.onChange((change) => {
    deps.outputs.invalidate('ConfigMap', keyOf(change.object), versionOf(change));
    wakePublisher(change.object);
    wakeReferrers('ConfigMap', change.object);
  });
  watches.managedSecrets.onChange((change) => {
    deps.store.invalidate(keyOf(change.object), versionOf(change));
    deps.outputs.invalidate('Secret', keyOf(change.object), versionOf(change));
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

  /** Brings admission up to date, and wakes those for whom it may decide otherwise now. Many come together, so later. */
  function note(claims: readonly ClaimKey[]): void {
    for (const { kind, ...key } of deps.admissions.note(claims)) {
      const queue = kind === 'InstanceStorage' ? queues.instances : queues.teams;
      queue.addAfter(keyText(key), COUNT_DELAY_MS, 'periodic');
      wakePublisherOfProven({ kind, ...key });
    }
  }

  /** A proof that was not admitted before is no news: the publisher must be told that it may be now. */
  function wakePublisherOfProven(claim: ClaimKey): void {
    const { object, instanceName, record } = deps.admissions.of(claim) ?? {};
    const isWaiting = record === undefined && deps.proofs.get(object?.metadata.uid ?? '') !== undefined;
    if (isWaiting && instanceName !== undefined) {
      publishSoon(keyText({ namespace: claim.namespace, name: instanceName }));
    }
  }

  /** Keys of the instances that a team belongs to: by its spec, and by what stands for it in a ledger. */
  function instancesOf(team: TeamStorage): readonly string[] {
    const key = claimKeyOf(team);
    const { namespace } = key;
    const bound = deps.ledgers
      .in(namespace)
      .filter(({ ledger }) => ledger !== undefined && recordsOf(ledger, key).length > 0)
      .map(({ instance }) => instance);
    const { instanceName: name } = deps.admissions.whereabouts(team);
    return [...new Set([...bound, ...(name === undefined ? [] : [name])])].map((one) =>
      keyText({ namespace, name: one }),
    );
  }

  /** A team that lived on the instance bucket and does not any more: nobody tells by what it is now which that was. */
  function usedBefore(change: StoreChange<TeamStorage>): readonly string[] {
    const before = change.type === 'added' ? undefined : change.type === 'deleted' ? change.object : change.previous;
    if (before === undefined || before.spec.bucket !== undefined) return [];
    const { namespace = '' } = before.metadata;
    return deps.ledgers.in(namespace).map(({ instance }) => keyText({ namespace, name: instance }));
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
    const keys = instance !== undefined ? [keyText(keyOf(instance))] : team === undefined ? [] : instancesOf(team);
    for (const key of keys) publishSoon(key);
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
      const changed = (object: InstanceStorage | TeamStorage): boolean => showsIn(object, before, after);
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

/** Whether the status of a claim says something else now. */
function showsIn(
  { kind, metadata: { name } }: InstanceStorage | TeamStorage,
  before: InstancePublication | undefined,
  after: InstancePublication | undefined,
): boolean {
  if (before?.salt === undefined || before.isKnown !== after?.isKnown) return true;
  const id = claimId({ kind, name });
  const now = after?.claims.get(id);
  if (gist(before.claims.get(id)) !== gist(now)) return true;
  // A problem is a matter of those that are not served, and of nobody else.
  return before.problem?.message !== after?.problem?.message && !isServed(now);
}

/** Whether the server is to be told something else; a publication that was gone or came is looked at, too. */
function reachesServer(before: InstancePublication | undefined, after: InstancePublication | undefined): boolean {
  return !isDeepStrictEqual(before?.server, after?.server) || (before === undefined) !== (after === undefined);
}

function isRotating({ status }: TeamStorage): boolean {
  return status?.rotation?.rotatedAt !== undefined && status.rotation.previousKeySafeToRevokeAfter === undefined;
}

/** Whether the status of the instance itself tells something else now; counts of teams follow the teams. */
function showsInInstance(before: InstancePublication | undefined, after: InstancePublication | undefined): boolean {
  const shown = (publication: InstancePublication | undefined): string =>
    JSON.stringify([
      publication?.server?.hash,
      publication?.fileStoresBytes,
      publication?.retained,
      publication?.problem?.message,
      publication?.unserved,
    ]);
  return shown(before) !== shown(after);
}

function isServed(publication: ClaimPublication | undefined): boolean {
  return publication?.served === 'Yes' || publication?.served === 'NotNeeded';
}

/** What of a publication shows in a status. */
function gist(publication: ClaimPublication | undefined): string {
  if (publication === undefined) return '';
  const { record, row, served, refusal, waitsFor } = publication;
  const place = record === undefined ? undefined : placeOf(record.address);
  return JSON.stringify([
    [served, place, record?.uid, record === undefined ? undefined : (record.digest ?? 'unknown')],
    [row?.digest, row?.rotatedAt, refusal?.message, waitsFor],
  ]);
}

function versionOf(change: StoreChange<PartialObject>): string | undefined {
  return change.type === 'deleted' ? undefined : change.object.metadata.resourceVersion;
}
