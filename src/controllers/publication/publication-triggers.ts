import type { PartialObject } from '../../api/object.ts';
import { keyOf, keyText, parseKey } from '../../api/object-key.ts';
import { INSTANCE_LABEL, type TeamStorage } from '../../api/resources.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { claimId, type ClaimRecord } from '../../domain/publication/ledger.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { ObjectChange } from '../../ports/kube.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import type { Ledgers } from '../admission/ledgers.ts';
import { needsReconcile } from '../storage/storage-changes.ts';
import type { WatchedObjects } from '../watched-objects.ts';
import type { InstancePublication } from './instance-publication.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { OutputWriter } from './output-writer.ts';
import type { RemovalCheck } from './removal-check.ts';

/** Wakes the publisher: by specs, by proofs, and by edits of its outputs. */
export function wirePublicationTriggers(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams' | 'managedSecrets' | 'configMaps'>;
  readonly queue: Pick<WorkQueue, 'add' | 'addAfter'>;
  readonly proofs: Pick<ObservableMap<string, Proof>, 'onChange'>;
  readonly publications: Pick<ObservableMap<string, InstancePublication>, 'get' | 'onChange'>;
  readonly ledgers: Pick<Ledgers, 'in'>;
  readonly ledgerStore: Pick<LedgerStore, 'invalidate'>;
  readonly outputs: Pick<OutputWriter, 'invalidate'>;
  readonly removals: Pick<RemovalCheck, 'deleted'>;
  /** Keys of the instances that a team belongs to. */
  readonly instancesOf: (team: TeamStorage) => readonly string[];
}): {
  /** Queues an instance after a short pause that gathers proofs. */
  readonly publishSoon: (instance: string) => void;
} {
  const { watches, queue, instancesOf } = deps;

  watches.instances.onChange((change) => {
    const { object } = change;
    if (change.type === 'deleted') deps.removals.deleted(object);
    if (needsReconcile(change)) queue.add(keyText(keyOf(object)), 'fast');
  });
  watches.teams.onChange((change) => {
    const { object } = change;
    if (change.type === 'deleted') deps.removals.deleted(object);
    if (!needsReconcile(change)) return;
    for (const instance of new Set([...instancesOf(object), ...usedBefore(change)])) publishSoon(instance);
  });
  watches.configMaps.onChange((change) => {
    deps.outputs.invalidate('ConfigMap', keyOf(change.object), versionOf(change));
    publishOwner(change.object);
  });
  watches.managedSecrets.onChange((change) => {
    deps.ledgerStore.invalidate(keyOf(change.object), versionOf(change));
    deps.outputs.invalidate('Secret', keyOf(change.object), versionOf(change));
    publishOwner(change.object);
  });
  deps.proofs.onChange((uids) => {
    for (const uid of uids) publishProofOf(uid);
  });

  deps.publications.onChange((instances) => {
    for (const instance of instances) leaveFormerPlaces(instance);
  });

  /** By instance: its claims that the server gets by its outputs. */
  const servedBefore = new Map<string, ReadonlySet<string>>();

  /** A claim that is served here for the first time may leave the instance that it was published by before. */
  function leaveFormerPlaces(instance: string): void {
    const { namespace, name } = parseKey(instance);
    const claims = [...(deps.publications.get(instance)?.claims ?? [])];
    const isServed = ({ served }: ClaimPublication): boolean => served === 'Yes' || served === 'NotNeeded';
    const served = new Set(claims.filter(([, claim]) => isServed(claim)).map(([id]) => id));
    // A record may stay at both places, and each run reports: only what is new wakes, or they would wake each other.
    const before = servedBefore.get(instance);
    const fresh = new Set([...served].filter((id) => before?.has(id) !== true));
    servedBefore.set(instance, served);
    if (fresh.size === 0) return;
    for (const { instance: other, ledger } of deps.ledgers.in(namespace)) {
      const isFormer = (record: ClaimRecord): boolean => fresh.has(claimId(record));
      if (other !== name && ledger?.claims.some(isFormer) === true) publishSoon(keyText({ namespace, name: other }));
    }
  }

  function publishSoon(instance: string): void {
    const claims = deps.publications.get(instance)?.claims.size ?? 0;
    const { least, most } = INTERVALS.publication.gatherProofs;
    queue.addAfter(instance, Math.min(most, Math.max(least, claims)), 'fast');
  }

  /**
   * Instances of a team that was on the instance bucket before the change: the present spec does not name that
   * instance.
   */
  function usedBefore(change: ObjectChange<TeamStorage>): readonly string[] {
    const before = change.type === 'added' ? undefined : change.type === 'deleted' ? change.object : change.previous;
    if (before === undefined || before.spec.bucket !== undefined) return [];
    const { namespace = '' } = before.metadata;
    return deps.ledgers.in(namespace).map(({ instance }) => keyText({ namespace, name: instance }));
  }

  function publishOwner({ metadata }: PartialObject): void {
    const name = metadata.labels?.[INSTANCE_LABEL];
    if (name !== undefined) publishSoon(keyText({ namespace: metadata.namespace ?? '', name }));
  }

  function publishProofOf(uid: string): void {
    const instances = watches.instances.reader.by('uid', uid).map((instance) => keyText(keyOf(instance)));
    const teams = watches.teams.reader.by('uid', uid).flatMap(instancesOf);
    for (const key of [...instances, ...teams]) publishSoon(key);
  }

  return { publishSoon };
}

function versionOf(change: ObjectChange<PartialObject>): string | undefined {
  return change.type === 'deleted' ? undefined : change.object.metadata.resourceVersion;
}
