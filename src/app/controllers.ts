import { Secret } from '../base/secret.ts';
import { INSTANCE_STORAGES, TEAM_STORAGES } from '../api/resources.ts';
import type { Compression } from '../controllers/publication/ledger-secret.ts';
import type { InstancePublication } from '../controllers/publication/instance-publication.ts';
import { createReferenceReader } from '../controllers/references/references.ts';
import { createTokenSource } from '../controllers/references/token-source.ts';
import type { Shard } from '../controllers/shard/shard.ts';
import { createInstanceKind } from '../controllers/storage/instance-storage.ts';
import { createStatusWriter } from '../controllers/storage/status-writer.ts';
import { createStorageReconciler } from '../controllers/storage/storage-reconciler.ts';
import { createTeamKind } from '../controllers/storage/team-storage.ts';
import { createValidator } from '../controllers/validation/validation.ts';
import type { WatchedObjects } from '../controllers/watched-objects.ts';
import { isSameProof, type Proof } from '../domain/publication/proof.ts';
import type { Clock, TimeSlice } from '../ports/clock.ts';
import type { PlainHttp } from '../ports/http.ts';
import type { EventRecorder, KubeClient } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import type { Limiter } from '../probes/limiter.ts';
import type { Prober } from '../probes/prober.ts';
import type { Surveys } from '../probes/surveys.ts';
import type { Reconcile } from '../runtime/controller.ts';
import type { Component } from '../runtime/manager.ts';
import { ObservableMap } from '../runtime/observable-map.ts';
import type { Telemetry } from '../telemetry/prometheus.ts';
import { createControllerQueue, runController, type ControllerContext } from './controller-queues.ts';
import { wireDelivery } from './delivery.ts';
import type { OperatorOptions } from './operator-options.ts';
import { wireProvision } from './provision.ts';
import { wirePublication } from './publication.ts';
import { wireTriggers } from './triggers.ts';

export interface ControllerDeps {
  readonly kube: KubeClient;
  readonly watches: WatchedObjects;
  readonly prober: Prober & Pick<Limiter, 'hold'>;
  /** The surveys that the prober's probes share. */
  readonly surveys: Surveys;
  /** HTTP client for W&B's own API. */
  readonly http: PlainHttp;
  readonly events: EventRecorder;
  readonly telemetry: Pick<Telemetry, 'runtime' | 'storage' | 'publication'>;
  readonly clock: Clock;
  /** Shared by everything that uses the event loop. */
  readonly timeSlice: TimeSlice;
  readonly log: Log;
  /** 32 random hex characters. */
  readonly randomSalt: () => string;
  readonly options: Pick<
    OperatorOptions,
    'workers' | 'clouds' | 'allowPublicBuckets' | 'requireSecretLabel' | 'ambient' | 'watchLabelSelector'
  >;
  /** For tests. */
  readonly compression?: Compression;
  /** For tests: a number from 0 to 1. */
  readonly random?: () => number;
}

/** All controllers with their queues, shared state and triggers. Nothing runs yet. */
export function createControllers(deps: ControllerDeps): readonly Component[] {
  const { watches, clock, log, telemetry } = deps;
  const { workers, clouds, watchLabelSelector } = deps.options;
  const context = { runtime: telemetry.runtime, clock, timeSlice: deps.timeSlice, log };
  const queues = createQueues(context);
  const shared = createShared(deps, queues);
  const caches = { instances: watches.instances.reader, teams: watches.teams.reader };
  const metrics = telemetry.publication;
  const publication = wirePublication({ ...deps, ...shared, clouds, watchLabelSelector, metrics });
  const { admissions, shard } = publication;
  const delivery = wireDelivery({ ...deps, ...caches, ...shared, shard });
  const known = { ...deps, ...caches, ...shared, admissions, shard, deliveries: delivery.deliveries };
  const provision = wireProvision(known);
  const storage = wireStorage({ ...known, provisions: provision.provisions }, queues);
  const { publisherEnded } = wireTriggers({
    ...{ ...shared, ...publication, ...storage, watches, clock },
    hold: () => holdAll([deps.prober, queues.publish.queue, queues.teams.queue]),
    deliveries: delivery.deliveries,
    provisions: provision.provisions,
    isSharded: watchLabelSelector !== undefined,
    queues: {
      instances: queues.instances.queue,
      teams: queues.teams.queue,
      publish: queues.publish.queue,
      delivery: queues.delivery.queue,
      provision: queues.provision.queue,
    },
  });
  const running = { ...context, ...(deps.random !== undefined && { random: deps.random }) };
  return [
    runController(queues.publish, thenCall(publication.reconcile, publisherEnded), { ...running, workers: 4 }),
    runController(queues.instances, storage.instances, { ...running, workers: Math.max(2, Math.floor(workers / 4)) }),
    runController(queues.delivery, delivery.reconcile, { ...running, workers: 2 }),
    runController(queues.provision, provision.reconcile, { ...running, workers: 2 }),
    runController(queues.teams, storage.teams, { ...running, workers }),
  ];
}

/** Calls `ended` at the end of each run, before its key is given back to the queue. */
function thenCall(reconcile: Reconcile, ended: (key: string) => void): Reconcile {
  return async (key, context) => {
    try {
      return await reconcile(key, context);
    } finally {
      ended(key);
    }
  };
}

/** What a publication shares the process, the API server and the stores with. */
function holdAll(held: readonly Pick<Limiter, 'hold'>[]): () => void {
  const ends = held.map(({ hold }) => hold());
  return () => {
    for (const end of ends) end();
  };
}

function createQueues(context: ControllerContext) {
  return {
    instances: createControllerQueue('instance-storage', context),
    teams: createControllerQueue('team-storage', context),
    publish: createControllerQueue('published-config', context),
    delivery: createControllerQueue('delivery', context),
    provision: createControllerQueue('provision', context),
  };
}

/** State that several controllers share. */
function createShared(deps: ControllerDeps, queues: ReturnType<typeof createQueues>) {
  const { kube, watches, prober, surveys, telemetry, clock, options } = deps;
  const { requireSecretLabel: requireLabel, ambient } = options;
  return {
    proofs: new ObservableMap<string, Proof>(isSameProof),
    // Observers compare it claim by claim.
    publications: new ObservableMap<string, InstancePublication>(() => false),
    validator: createValidator({
      ...{ prober, surveys, clock, metrics: telemetry.storage },
      surveySalt: new Secret(deps.randomSalt()),
      // At a store that is slow or hangs, probes of other stores need not wait.
      hold: () => holdAll([queues.publish.queue, queues.teams.queue]),
    }),
    references: createReferenceReader({
      kube,
      allowedSecrets: watches.allowedSecrets.reader,
      configMaps: watches.configMaps.reader,
      ...(ambient !== undefined && { ambient }),
      tokens: createTokenSource({ kube, clock, requireLabel }),
      requireLabel,
    }),
  };
}

type StorageDeps = ControllerDeps &
  ReturnType<typeof createShared> &
  Pick<Parameters<typeof createInstanceKind>[0], 'instances' | 'teams' | 'admissions'> &
  Pick<Parameters<typeof createTeamKind>[0], 'provisions'> &
  Pick<ReturnType<typeof wireDelivery>, 'deliveries'> & { readonly shard: Shard };

/** Wires the reconciles of both kinds. */
function wireStorage(deps: StorageDeps, queues: ReturnType<typeof createQueues>) {
  const { kube, events, log, clock, instances, teams } = deps;
  const { actsOnInstance, actsOnTeam } = deps.shard;
  const writing = { kube, events, log, now: () => clock.now() };
  const statuses = {
    instances: createStatusWriter({ ...writing, type: INSTANCE_STORAGES, cache: instances, actsOn: actsOnInstance }),
    teams: createStatusWriter({ ...writing, type: TEAM_STORAGES, cache: teams, actsOn: actsOnTeam }),
  };
  const { clouds, allowPublicBuckets } = deps.options;
  const shared = { ...deps, clouds, allowPublicBuckets, metrics: deps.telemetry.storage };
  const instanceReconciler = createStorageReconciler({
    ...shared,
    kind: createInstanceKind({ ...deps, statuses: statuses.instances }),
    statuses: statuses.instances,
    actsOn: actsOnInstance,
    queue: queues.instances.queue,
  });
  const teamReconciler = createStorageReconciler({
    ...shared,
    kind: createTeamKind({ ...deps, statuses: statuses.teams }),
    statuses: statuses.teams,
    actsOn: actsOnTeam,
    queue: queues.teams.queue,
  });
  return { statuses, instances: instanceReconciler.reconcile, teams: teamReconciler.reconcile };
}
