import type { PartialObject } from '../../api/object.ts';
import { keyOf, keyText, parseKey } from '../../api/object-key.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import type { ClaimKey } from '../../domain/admission/world.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import type { Lane, WorkQueue } from '../../runtime/work-queue.ts';
import type { InstanceDelivery } from '../delivery/instance-delivery.ts';
import type { Provisions } from '../provision/provision.ts';
import type { ReferenceReader } from '../references/references.ts';
import type { WatchedObjects } from '../watched-objects.ts';
import { referenceKey, sourceKey, teamKey } from './indexes.ts';
import type { StatusWriter } from './status-writer.ts';
import { needsReconcile, verdictChanged } from './storage-changes.ts';

/** More teams than this that use one Secret or ConfigMap are woken behind what users do meanwhile. */
const MANY = 20;

/** Wakes the storages whose status may change. Handlers only queue keys. */
export function wireStorageTriggers(deps: {
  readonly watches: Pick<WatchedObjects, 'instances' | 'teams' | 'allowedSecrets' | 'configMaps'>;
  readonly queues: { readonly instances: WorkQueue; readonly teams: WorkQueue };
  readonly deliveries: Pick<ObservableMap<string, InstanceDelivery>, 'onChange'>;
  readonly provisions: Pick<Provisions, 'onChange'>;
  readonly references: Pick<ReferenceReader, 'forget'>;
  readonly statuses: {
    readonly instances: Pick<StatusWriter<InstanceStorage>, 'invalidate'>;
    readonly teams: Pick<StatusWriter<TeamStorage>, 'invalidate'>;
  };
  /** Keys of the instances that a team belongs to. */
  readonly instancesOf: (team: TeamStorage) => readonly string[];
}): {
  /** To be called with the claims whose view of a publication changed. */
  readonly published: (claims: readonly ClaimKey[]) => void;
  /** To be called with the instances whose publication changed. */
  readonly publishedInstances: (instances: readonly string[]) => void;
} {
  const { watches, queues } = deps;
  const teamsOf = (namespace: string): readonly TeamStorage[] => watches.teams.reader.list(namespace);

  watches.instances.onChange((change) => {
    const { object } = change;
    const { namespace = '' } = object.metadata;
    deps.statuses.instances.invalidate(object);
    if (needsReconcile(change)) {
      wakeInstances([keyText(keyOf(object))]);
      wakeTeams(teamsOf(namespace));
      // The statuses of instances report whether there is another one.
      if (change.type !== 'updated') wakeLater(watches.instances.reader.list(namespace).map(keyOf).map(keyText));
    } else if (verdictChanged(change)) {
      // The status of teams on the instance bucket follows that of the instance.
      wakeTeams(teamsOf(namespace).filter(({ spec }) => spec.bucket === undefined));
    }
  });

  watches.teams.onChange((change) => {
    const { object } = change;
    deps.statuses.teams.invalidate(object);
    if (needsReconcile(change)) {
      // Rivals for the same team, also for the former one, and teams that use this team's bucket.
      const versions = change.type === 'updated' ? [object, change.previous] : [object];
      const rivals = versions.flatMap(({ metadata: { namespace = '' }, spec: { team } }) =>
        watches.teams.reader.by('team', teamKey({ namespace, team })),
      );
      wakeTeams([object, ...rivals, ...watches.teams.reader.by('source', sourceKey('TeamStorage', object))]);
    }
    if (verdictChanged(change)) wakeLater(deps.instancesOf(object));
  });

  watches.allowedSecrets.onChange(({ object }) => wakeReferrers('Secret', object));
  watches.configMaps.onChange(({ object }) => wakeReferrers('ConfigMap', object));

  deps.deliveries.onChange((keys) => {
    wakeInstances(keys);
    // Teams whose former key cannot be revoked before the server runs with the new one.
    for (const key of keys) wakeTeams(teamsOf(parseKey(key).namespace).filter(isRotating));
  });
  deps.provisions.onChange((uids) => {
    for (const uid of uids) wakeTeams(watches.teams.reader.by('uid', uid));
  });

  /** The object changed: wakes the storages that refer to it, and the teams that take their bucket from one of these. */
  function wakeReferrers(kind: 'Secret' | 'ConfigMap', object: PartialObject): void {
    deps.references.forget(kind, keyOf(object));
    const reference = referenceKey(kind, keyOf(object));
    const instances = watches.instances.reader.by('reference', reference);
    const teams = watches.teams.reader.by('reference', reference);
    wakeInstances(instances.map((instance) => keyText(keyOf(instance))));
    // The first proof on each bucket publishes the next key for all: meanwhile, a new object must not wait for them.
    wakeTeams(teams, teams.length > MANY ? 'periodic' : 'fast');
    const sources = [...instances, ...teams].map((storage) => sourceKey(storage.kind, storage));
    for (const source of sources) wakeTeams(watches.teams.reader.by('source', source));
  }

  function wakeTeams(teams: readonly TeamStorage[], lane: Lane = 'fast'): void {
    for (const team of teams) queues.teams.add(keyText(keyOf(team)), lane);
  }

  function wakeInstances(keys: readonly string[]): void {
    for (const key of keys) queues.instances.add(key, 'fast');
  }

  /** Deferred, so that counts of teams are updated together. */
  function wakeLater(instances: readonly string[]): void {
    for (const key of instances) queues.instances.addAfter(key, INTERVALS.storage.gatherChanges, 'periodic');
  }

  return {
    published(claims) {
      for (const { kind, ...key } of claims) {
        if (kind === 'InstanceStorage') queues.instances.add(keyText(key), 'fast');
        else queues.teams.add(keyText(key), lanePublished(watches.teams.reader.get(key)));
      }
    },
    publishedInstances: wakeInstances,
  };
}

/** Who waits to be Ready, or for the report on an edit, comes before thousands that are, and whose key was replaced. */
function lanePublished(team: TeamStorage | undefined): Lane {
  const { conditions = [], observedGeneration } = team?.status ?? {};
  const { generation, deletionTimestamp } = team?.metadata ?? {};
  // A deletion is an edit as well, and nothing is reported on it.
  const isReported = observedGeneration === generation || deletionTimestamp !== undefined;
  return isReported && findCondition(conditions, 'Ready')?.status === 'True' ? 'periodic' : 'fast';
}

function isRotating({ status }: TeamStorage): boolean {
  return status?.rotation?.rotatedAt !== undefined && status.rotation.previousKeySafeToRevokeAfter === undefined;
}
