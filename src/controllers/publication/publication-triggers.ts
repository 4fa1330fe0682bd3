import type { PartialObject } from '../../api/object.ts';
import { keyOf, keyText } from '../../api/object-key.ts';
import { INSTANCE_LABEL, type InstanceStorage, type TeamStorage } from '../../api/resources.ts';
import { keyOf as claimKeyOf, type Claimant } from '../../domain/admission/world.ts';
import { placeOf, recordsOf, rowOf, type Ledger } from '../../domain/publication/ledger.ts';
import type { Proof } from '../../domain/publication/proof.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectChange } from '../../ports/kube.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { WorkQueue } from '../../runtime/work-queue.ts';
import type { Ledgers } from '../admission/ledgers.ts';
import { needsReconcile } from '../storage/storage-changes.ts';
import type { WatchedObjects } from '../watched-objects.ts';
import { createFormerPlaces } from './former-places.ts';
import { createProofGathering } from './gather-proofs.ts';
import type { InstancePublication } from './instance-publication.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { OutputWriter } from './output-writer.ts';
import type { PublicationCause } from './publication-cause.ts';
import type { RemovalCheck } from './removal-check.ts';

const OTHER = { kind: 'other' } as const;

/** Wakes the publisher: by specs, by proofs, and by edits of its outputs. */
export function wirePublicationTriggers(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams' | 'managedSecrets' | 'configMaps'>;
  readonly queue: Pick<WorkQueue, 'add' | 'addAfter' | 'runningFor'>;
  readonly proofs: Pick<ObservableMap<string, Proof>, 'get' | 'onChange'>;
  readonly publications: Pick<ObservableMap<string, InstancePublication>, 'get' | 'onChange'>;
  readonly ledgers: Pick<Ledgers, 'in' | 'known'>;
  readonly ledgerStore: Pick<LedgerStore, 'invalidate'>;
  readonly outputs: Pick<OutputWriter, 'invalidate'>;
  readonly removals: Pick<RemovalCheck, 'deleted'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** What nobody waits for stands back until the result is called. */
  readonly hold: () => () => void;
  /** Keys of the instances that a team belongs to. */
  readonly instancesOf: (team: TeamStorage) => readonly string[];
}): {
  /** Queues an instance after a short pause that gathers proofs. */
  readonly publishSoon: (instance: string) => void;
  /** To be called at the end of each run of the publisher. */
  readonly publisherEnded: (instance: string) => void;
} {
  const { watches, queue, instancesOf } = deps;
  const gathering = createProofGathering(deps);
  const formerPlaces = createFormerPlaces(deps);

  watches.instances.onChange((change) => {
    const { object } = change;
    if (change.type === 'deleted') deps.removals.deleted(object, change.isLastVersion);
    if (!needsReconcile(change)) return;
    queue.add(keyText(keyOf(object)), 'fast');
    for (const other of othersWithLedger(object, deps.ledgers)) publishSoon(other);
  });
  watches.teams.onChange((change) => {
    const { object } = change;
    if (change.type === 'deleted') deps.removals.deleted(object, change.isLastVersion);
    if (!needsReconcile(change) || (change.type === 'added' && hasNothingPublished(object, deps.ledgers))) return;
    const concerned = new Set([...instancesOf(object), ...usedBefore(change)]);
    for (const instance of concerned) gathering.publish(instance, { kind: 'edit' });
  });
  watches.configMaps.onChange((change) => {
    const isNews = deps.outputs.invalidate('ConfigMap', keyOf(change.object), versionOf(change));
    if (isNews) publishOwner(change.object);
  });
  watches.managedSecrets.onChange((change) => {
    const isLedgerNews = deps.ledgerStore.invalidate(keyOf(change.object), versionOf(change));
    const isSecretNews = deps.outputs.invalidate('Secret', keyOf(change.object), versionOf(change));
    // Each Secret is known to one of them at most. The publisher's own writes need no other run.
    if (isLedgerNews && isSecretNews) publishOwner(change.object);
  });
  deps.proofs.onChange((uids) => {
    for (const uid of uids) publishProofOf(uid);
  });

  deps.publications.onChange((instances) => {
    for (const instance of instances) {
      gathering.published(instance);
      for (const former of formerPlaces(instance)) publishSoon(former);
    }
  });

  function publishSoon(instance: string): void {
    gathering.publish(instance, OTHER);
  }

  /**
   * Instances that the team belonged to before the change, and may leave. That of a team on an instance bucket is not
   * always named by its spec.
   */
  function usedBefore(change: ObjectChange<TeamStorage>): readonly string[] {
    const before = change.type === 'added' ? undefined : change.type === 'deleted' ? change.object : change.previous;
    if (before === undefined) return [];
    if (before.spec.bucket !== undefined) return instancesOf(before);
    const { namespace = '' } = before.metadata;
    return deps.ledgers.in(namespace).map(({ instance }) => keyText({ namespace, name: instance }));
  }

  function publishOwner({ metadata }: PartialObject): void {
    const name = metadata.labels?.[INSTANCE_LABEL];
    if (name === undefined) return;
    gathering.publish(keyText({ namespace: metadata.namespace ?? '', name }), { kind: 'repair' });
  }

  function publishProofOf(uid: string): void {
    const proof = deps.proofs.get(uid);
    const publish = (claim: Claimant, instance: string): void =>
      gathering.publish(instance, proof === undefined ? OTHER : causeOf(claim, proof, deps.ledgers.known(instance)));
    for (const instance of watches.instances.reader.by('uid', uid)) publish(instance, keyText(keyOf(instance)));
    for (const team of watches.teams.reader.by('uid', uid)) for (const key of instancesOf(team)) publish(team, key);
  }

  return { publishSoon, publisherEnded: (instance) => gathering.ended(instance) };
}

/** What the proof of a claim is for an instance with this ledger. */
function causeOf(claim: Claimant, { digest, storage }: Proof, ledger: Ledger | undefined): PublicationCause {
  if (ledger === undefined) return OTHER;
  const records = recordsOf(ledger, claimKeyOf(claim));
  if (records.length === 0) return { kind: 'newcomer' };
  if (records.every(({ address }) => placeOf(address) !== placeOf(storage))) return { kind: 'edit' };
  const isRotation = records.some((record) => (rowOf(ledger, record)?.digest ?? digest) !== digest);
  return isRotation ? { kind: 'rotation', digest } : OTHER;
}

/** Nothing is to be written for a new team before it is proven. */
function hasNothingPublished(team: TeamStorage, ledgers: Pick<Ledgers, 'in'>): boolean {
  if (team.status?.boundBucket !== undefined) return false;
  const views = ledgers.in(team.metadata.namespace ?? '');
  return views.every(({ ledger }) => ledger !== undefined && recordsOf(ledger, claimKeyOf(team)).length === 0);
}

/**
 * The other instances of the namespace whose ledger has been read. They may hold a team that names this one: where that
 * team resolves to depends on whether this one exists, and on its spec.
 */
function othersWithLedger({ metadata }: InstanceStorage, ledgers: Pick<Ledgers, 'in'>): readonly string[] {
  const { namespace = '', name } = metadata;
  return ledgers
    .in(namespace)
    .filter(({ instance, ledger }) => instance !== name && ledger !== undefined)
    .map(({ instance }) => keyText({ namespace, name: instance }));
}

function versionOf(change: ObjectChange<PartialObject>): string | undefined {
  return change.type === 'deleted' ? undefined : change.object.metadata.resourceVersion;
}
