import { isDeepStrictEqual } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  ALLOW_LABEL,
  CONFIG_MAPS,
  INSTANCE_STORAGES,
  MANAGED_BY_LABEL,
  MANAGER,
  SECRETS,
  TEAM_STORAGES,
  type InstanceStorage,
  type TeamStorage,
} from '../../../src/api/resources.ts';
import { createAdmissions } from '../../../src/app/admissions.ts';
import { wireDelivery } from '../../../src/app/delivery.ts';
import { createControllerQueue, runController } from '../../../src/app/controller-queues.ts';
import { wireTriggers } from '../../../src/app/triggers.ts';
import type { Watches } from '../../../src/app/watches.ts';
import { ObservableMap } from '../../../src/runtime/observable-map.ts';
import {
  INSTANCE_INDEXES,
  TEAM_INDEXES,
  type InstanceIndex,
  type TeamIndex,
} from '../../../src/controllers/storage/indexes.ts';
import { createInstanceKind } from '../../../src/controllers/storage/instance-storage.ts';
import type { InstancePublication } from '../../../src/controllers/publication/instance-publication.ts';
import type { Compression } from '../../../src/controllers/publication/ledger-secret.ts';
import { createLedgerStore } from '../../../src/controllers/publication/ledger-store.ts';
import { createOutputWriter } from '../../../src/controllers/publication/output-writer.ts';
import { createPublicationReport } from '../../../src/controllers/publication/publication-report.ts';
import { createPublisher } from '../../../src/controllers/publication/publisher.ts';
import { createRemovalCheck } from '../../../src/controllers/publication/removal-check.ts';
import { createReferenceReader } from '../../../src/controllers/references/references.ts';
import { createStatusWriter } from '../../../src/controllers/storage/status-writer.ts';
import { createStorageReconciler } from '../../../src/controllers/storage/storage-reconciler.ts';
import { createTeamKind } from '../../../src/controllers/storage/team-storage.ts';
import { createValidator } from '../../../src/controllers/validation/validation.ts';
import { createWorkloads } from '../../../src/controllers/references/workloads.ts';
import type { ConditionDraft } from '../../../src/domain/conditions/conditions.ts';
import { isSameProof, type Proof } from '../../../src/domain/publication/proof.ts';
import { sanitizeInstance, sanitizeTeam, type Sanitized } from '../../../src/domain/spec/sanitize-spec.ts';
import { PUBLIC_CLOUDS } from '../../../src/domain/bucket/store-endpoint.ts';
import { identityOnly, withoutLastApplied } from '../../../src/kube/kept-metadata.ts';
import { createStore } from '../../../src/kube/store.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { PartialObject } from '../../../src/api/object.ts';
import type { KubeClient } from '../../../src/ports/kube.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Prober } from '../../../src/probes/prober.ts';
import type { Component } from '../../../src/runtime/manager.ts';
import { createTimeSlice } from '../../../src/runtime/time-slice.ts';
import type { Feed } from '../api-server/feed.ts';
import type { ApiServer } from '../api-server/server.ts';
import { NO_METRICS } from './no-metrics.ts';

/** And not on a thread: which of two ledgers is packed first would be a matter of luck. */
const AT_ONCE: Compression = {
  compress: (text) => Promise.resolve(gzipSync(text, { level: 1 })),
  decompress: async (packed) => {
    await Promise.resolve();
    return gunzipSync(packed);
  },
};

export const FEEDS = ['instances', 'teams', 'allowedSecrets', 'managedSecrets', 'configMaps'] as const;
export type FeedName = (typeof FEEDS)[number];

/** One process of the operator: all of its real parts but for the watches' connections and the prober. */
export interface OperatorProcess {
  readonly feeds: Readonly<Record<FeedName, Feed>>;
  /** It leads from now on: its controllers work off what its watches have queued. */
  lead(): void;
  /** What it has not sent yet is never sent. */
  kill(): void;
}

export function startProcess(deps: {
  readonly api: ApiServer;
  readonly clock: Clock;
  readonly prober: Prober;
  readonly log: Log;
  readonly randomSalt: () => string;
}): OperatorProcess {
  const { api, clock, log } = deps;
  let leads = false;
  const kube = fenced(api.client('byob-operator'), () => leads);
  const watches = createStores();
  const caches = { instances: watches.instances.reader, teams: watches.teams.reader };
  const events = { record: () => undefined };
  const proofs = new ObservableMap<string, Proof>(isSameProof);
  const publications = new ObservableMap<string, InstancePublication>(() => false);
  const references = createReferenceReader({
    kube,
    allowedSecrets: watches.allowedSecrets.reader,
    configMaps: watches.configMaps.reader,
    workloads: createWorkloads({ kube, clock, requireLabel: true }),
    requireLabel: true,
  });
  const store = createLedgerStore({ kube, compression: AT_ONCE });
  const outputs = createOutputWriter({ kube });
  const validator = createValidator({ prober: deps.prober, clock, metrics: NO_METRICS.storage });
  const { admissions, ledgers } = createAdmissions({ watches, proofs });
  const removals = createRemovalCheck({ kube, ...caches, clock });
  const around = { runtime: NO_METRICS.runtime, clock, timeSlice: createTimeSlice(clock), log };
  const lanes = {
    instances: createControllerQueue('instance-storage', around),
    teams: createControllerQueue('team-storage', around),
    publish: createControllerQueue('published-config', around),
    delivery: createControllerQueue('delivery', around),
  };
  const queues = {
    instances: lanes.instances.queue,
    teams: lanes.teams.queue,
    publish: lanes.publish.queue,
    delivery: lanes.delivery.queue,
  };
  const statuses = {
    instances: createStatusWriter({ kube, type: INSTANCE_STORAGES, cache: caches.instances, events, log }),
    teams: createStatusWriter({ kube, type: TEAM_STORAGES, cache: caches.teams, events, log }),
  };
  const { deliveries, reconcile: deliver } = wireDelivery({ ...caches, publications, kube, clock, events, log });
  const shared = {
    references,
    validator,
    proofs,
    publications,
    deliveries,
    clouds: PUBLIC_CLOUDS,
    allowPublicBuckets: false,
    metrics: NO_METRICS.storage,
    clock,
    log,
  };
  const instances = createStorageReconciler({
    ...shared,
    kind: createInstanceKind({ ...caches, admissions, statuses: statuses.instances, clock }),
    statuses: statuses.instances,
    queue: queues.instances,
  });
  const provisions = new ObservableMap<string, ConditionDraft>(isDeepStrictEqual);
  const teams = createStorageReconciler({
    ...shared,
    kind: createTeamKind({ ...caches, admissions, provisions, statuses: statuses.teams, clock }),
    statuses: statuses.teams,
    queue: queues.teams,
  });
  const publisher = createPublisher({
    ...caches,
    admissions,
    ledgers,
    store,
    outputs,
    removals,
    proofs,
    publications,
    report: createPublicationReport({ ...caches, events, log, metrics: NO_METRICS.publication }),
    randomSalt: deps.randomSalt,
    clock,
    timeSlice: around.timeSlice,
    compression: AT_ONCE,
  });
  wireTriggers({
    watches,
    queues,
    proofs,
    publications,
    deliveries,
    references,
    admissions,
    ledgers,
    store,
    outputs,
    removals,
    statuses,
  });
  const controllers: readonly Component[] = (
    [
      [lanes.publish, publisher.reconcile, 2],
      [lanes.instances, instances.reconcile, 2],
      [lanes.delivery, deliver, 2],
      [lanes.teams, teams.reconcile, 4],
    ] as const
  ).map(([lane, reconcile, workers]) => runController(lane, reconcile, { ...around, workers, random: () => 1 }));
  return {
    feeds: openFeeds(api, watches),
    lead() {
      leads = true;
      for (const controller of controllers) void controller.start();
    },
    kill() {
      leads = false;
      for (const controller of controllers) void controller.stop();
    },
  };
}

function createStores(): Watches {
  return {
    name: 'watches',
    instances: createStore<Sanitized<InstanceStorage>, InstanceIndex>({
      indexes: INSTANCE_INDEXES,
      transform: (object) => sanitizeInstance(withoutLastApplied(object)),
    }),
    teams: createStore<Sanitized<TeamStorage>, TeamIndex>({
      indexes: TEAM_INDEXES,
      transform: (object) => sanitizeTeam(withoutLastApplied(object)),
    }),
    allowedSecrets: createStore<PartialObject>({ transform: identityOnly }),
    managedSecrets: createStore<PartialObject>({ transform: identityOnly }),
    configMaps: createStore<PartialObject>({ transform: identityOnly }),
    problem: () => undefined,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}

/** As `createWatches` opens them. */
function openFeeds(api: ApiServer, watches: Watches): Readonly<Record<FeedName, Feed>> {
  const metadataOnly = true;
  return {
    instances: api.watch(INSTANCE_STORAGES, {}, watches.instances.writer),
    teams: api.watch(TEAM_STORAGES, {}, watches.teams.writer),
    allowedSecrets: api.watch(
      SECRETS,
      { labelSelector: `${ALLOW_LABEL}=true`, metadataOnly },
      watches.allowedSecrets.writer,
    ),
    managedSecrets: api.watch(
      SECRETS,
      { labelSelector: `${MANAGED_BY_LABEL}=${MANAGER}`, metadataOnly },
      watches.managedSecrets.writer,
    ),
    configMaps: api.watch(CONFIG_MAPS, { metadataOnly }, watches.configMaps.writer),
  };
}

/** Who does not lead sends nothing, as `createFencedConnection` has it. */
function fenced(kube: KubeClient, leads: () => boolean): KubeClient {
  const refused = { ok: false, error: { status: 0, reason: 'NotLeading', message: 'this process does not lead' } };
  return new Proxy(kube, {
    get(target, name) {
      const call = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown;
      return (...args: readonly unknown[]) => (leads() ? call(...args) : Promise.resolve(refused));
    },
  });
}
