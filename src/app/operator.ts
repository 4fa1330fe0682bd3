import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { INSTANCE_STORAGES, TEAM_STORAGES } from '../api/resources.ts';
import { ObservableMap } from '../runtime/observable-map.ts';
import { createInstanceKind } from '../controllers/storage/instance-storage.ts';
import type { InstancePublication } from '../controllers/publication/instance-publication.ts';
import { createReferenceReader } from '../controllers/references/references.ts';
import { createStatusWriter } from '../controllers/storage/status-writer.ts';
import { createStorageReconciler } from '../controllers/storage/storage-reconciler.ts';
import { createTeamKind } from '../controllers/storage/team-storage.ts';
import { createValidator } from '../controllers/validation/validation.ts';
import { createWorkloads } from '../controllers/references/workloads.ts';
import { isSameProof, type Proof } from '../domain/publication/proof.ts';
import { createOpenBucket } from '../drivers/registry.ts';
import { createKubeClient } from '../kube/client.ts';
import { createKubeConnection, type KubeConnection } from '../kube/connection.ts';
import { createFencedConnection } from '../kube/fenced-connection.ts';
import { createLeaseLock } from '../kube/lease-lock.ts';
import { createEventRecorder } from '../kube/event-recorder.ts';
import { createCountedConnection } from '../kube/counted-connection.ts';
import { loadKubeConfig } from '../kube/kube-config.ts';
import { createAddressPolicy } from '../net/address-policy.ts';
import { createGuardedHttp } from '../net/guarded-http.ts';
import type { KubeClient } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import { createTelemetry, type Telemetry } from '../telemetry/prometheus.ts';
import { createProber, PROBE_LIMITS } from '../probes/prober.ts';
import { createHealthServer } from '../runtime/health.ts';
import { createHttpServer, type HttpAnswer } from '../runtime/http-server.ts';
import { createLeaderElection, type LeaderElection, type LeaderElectionOptions } from '../runtime/leader-election.ts';
import { createMemoryKeeper } from '../runtime/memory-keeper.ts';
import { createManager, type Component, type Manager } from '../runtime/manager.ts';
import { createTimeSlice } from '../runtime/time-slice.ts';
import { wireDelivery } from './delivery.ts';
import type { OperatorOptions } from './operator-options.ts';
import { wirePublication } from './publication.ts';
import { wireProvision, wireProvisionTriggers } from './provision.ts';
import { addressesOf } from './api-server-addresses.ts';
import { settingsForLog } from './settings-for-log.ts';
import { createControllerQueue, runController } from './controller-queues.ts';
import { systemClock } from './system-clock.ts';
import { createSystemMemory } from './system-memory.ts';
import { wireTriggers } from './triggers.ts';
import { createWatches } from './watches.ts';

const CONTROLLER_NAME = 'storage.wandb.com/byob-operator';
/** Builds the operator: every adapter, and the arrows between them. Nothing runs before `start`. */
export async function createOperator(
  options: OperatorOptions,
  log: Log,
  onLeadershipLost: () => void,
): Promise<Manager> {
  const kubeConfig = loadKubeConfig({
    ...(options.kubeconfig !== undefined && { file: options.kubeconfig }),
    ...(options.context !== undefined && { context: options.context }),
  });
  const clock = systemClock;
  const telemetry = createTelemetry(options.version);
  const connection = createCountedConnection(createKubeConnection(kubeConfig), telemetry.runtime);
  const unfenced = createKubeClient(connection);
  const election = electionOf(options.leaderElection, { kube: unfenced, clock, log, onLost: onLeadershipLost });
  if (options.leaderElection !== undefined && election !== undefined) {
    telemetry.runtime.leaderElection(options.leaderElection.name, () => election.isLeading());
  }
  const kube =
    election === undefined
      ? unfenced
      : createKubeClient(createFencedConnection(connection, () => election.isLeading()));
  const apiServerAddresses = await addressesOf(kubeConfig.getCurrentCluster()?.server);
  const net = createGuardedHttp({
    policy: createAddressPolicy({
      allowedEndpoints: options.allowedEndpoints,
      deniedCidrs: options.deniedCidrs,
      apiServerAddresses,
    }),
    proxy: options.proxy,
  });
  const timeSlice = createTimeSlice(clock);
  const watches = createWatches({
    connection,
    namespaces: options.namespaces,
    requireSecretLabel: options.requireSecretLabel,
    clock,
    timeSlice,
    log,
  });
  const randomId = (): string => randomBytes(16).toString('hex');
  const events = createEventRecorder({
    kube,
    clock,
    log,
    controller: CONTROLLER_NAME,
    instance: hostname(),
    randomSuffix: () => randomBytes(6).toString('hex'),
  });
  const proofs = new ObservableMap<string, Proof>(isSameProof);
  const publications = new ObservableMap<string, InstancePublication>(() => false);
  const references = createReferenceReader({
    kube,
    allowedSecrets: watches.allowedSecrets.reader,
    configMaps: watches.configMaps.reader,
    ...(options.ambient !== undefined && { ambient: options.ambient }),
    workloads: createWorkloads({ kube, clock, requireLabel: options.requireSecretLabel }),
    requireLabel: options.requireSecretLabel,
  });
  const openBucket = createOpenBucket({ net, clouds: options.clouds });
  const prober = createProber({ openBucket, http: net.http, clock, randomId, limits: PROBE_LIMITS });
  const validator = createValidator({ prober, clock, metrics: telemetry.storage });
  const caches = { instances: watches.instances.reader, teams: watches.teams.reader };
  const publishing = wirePublication({
    kube,
    watches,
    proofs,
    publications,
    events,
    log,
    metrics: telemetry.publication,
    randomSalt: randomId,
    clock,
  });
  const { admissions } = publishing;

  const around = { runtime: telemetry.runtime, clock, timeSlice, log };
  const instancesQueue = createControllerQueue('instance-storage', around);
  const teamsQueue = createControllerQueue('team-storage', around);
  const publishQueue = createControllerQueue('published-config', around);
  const deliveryQueue = createControllerQueue('delivery', around);
  const provisionQueue = createControllerQueue('provision', around);
  const queues = {
    instances: instancesQueue.queue,
    teams: teamsQueue.queue,
    publish: publishQueue.queue,
    delivery: deliveryQueue.queue,
  };

  const instanceStatuses = createStatusWriter({
    kube,
    type: INSTANCE_STORAGES,
    cache: caches.instances,
    events,
    now: () => clock.now(),
    log,
  });
  const teamStatuses = createStatusWriter({
    kube,
    type: TEAM_STORAGES,
    cache: caches.teams,
    events,
    now: () => clock.now(),
    log,
  });
  const { deliveries, reconcile: deliver } = wireDelivery({ ...caches, publications, kube, clock, events, log });
  const { provisions, reconcile: provision } = wireProvision({
    ...caches,
    admissions,
    publications,
    deliveries,
    references,
    http: net.http,
    events,
    log,
  });
  const shared = {
    references,
    validator,
    proofs,
    publications,
    deliveries,
    clouds: options.clouds,
    allowPublicBuckets: options.allowPublicBuckets,
    metrics: telemetry.storage,
    clock,
    log,
  };
  const instances = createStorageReconciler({
    ...shared,
    kind: createInstanceKind({ ...caches, admissions, statuses: instanceStatuses, clock }),
    statuses: instanceStatuses,
    queue: instancesQueue.queue,
  });
  const teams = createStorageReconciler({
    ...shared,
    kind: createTeamKind({ ...caches, admissions, provisions, statuses: teamStatuses, clock }),
    statuses: teamStatuses,
    queue: teamsQueue.queue,
  });
  wireTriggers({
    watches,
    queues,
    proofs,
    publications,
    deliveries,
    references,
    ...publishing,
    statuses: { instances: instanceStatuses, teams: teamStatuses },
  });

  wireProvisionTriggers({
    watches,
    deliveries,
    provisions,
    queues: { teams: queues.teams, provision: provisionQueue.queue },
  });

  const health = createHealthServer({
    address: options.health,
    live: { process: () => undefined },
    ready: { watches: () => watches.problem() },
  });
  const components: readonly Component[] = [
    connectionComponent(connection, () => net.close()),
    health,
    createMemoryKeeper({ memory: createSystemMemory(), clock }),
    createHttpServer({ name: 'metrics', address: options.metrics, routes: { '/metrics': () => scraped(telemetry) } }),
    watches,
    // What comes after it runs in one process at a time; caches are kept warm before.
    ...(election === undefined ? [] : [election]),
    { name: 'events', start: () => Promise.resolve(), stop: () => events.drain() },
    { name: 'probes', start: () => Promise.resolve(), stop: () => prober.stop() },
    runController(publishQueue, publishing.reconcile, { ...around, workers: 2 }),
    runController(instancesQueue, instances.reconcile, {
      ...around,
      workers: Math.max(2, Math.floor(options.workers / 4)),
    }),
    runController(deliveryQueue, deliver, { ...around, workers: 2 }),
    runController(provisionQueue, provision, { ...around, workers: 2 }),
    runController(teamsQueue, teams.reconcile, { ...around, workers: options.workers }),
  ];
  return createManager({ components, clock, log, about: settingsForLog(options) });
}

async function scraped(telemetry: Telemetry): Promise<HttpAnswer> {
  return { status: 200, ...(await telemetry.scrape()) };
}

function electionOf(
  lease: OperatorOptions['leaderElection'],
  deps: Pick<LeaderElectionOptions, 'clock' | 'log' | 'onLost'> & { readonly kube: KubeClient },
): LeaderElection | undefined {
  if (lease === undefined) return undefined;
  return createLeaderElection({
    lock: createLeaseLock(deps.kube, lease),
    // The name of the pod, and a part that no earlier process under that name had.
    identity: `${hostname()}_${randomBytes(6).toString('hex')}`,
    times: lease.times,
    random: Math.random,
    ...deps,
  });
}

/** Ends the sockets last, when nobody needs them any more. */
function connectionComponent(connection: KubeConnection, closeNet: () => Promise<void>): Component {
  return {
    name: 'connections',
    start: () => Promise.resolve(),
    async stop() {
      await Promise.allSettled([connection.close(), closeNet()]);
    },
  };
}
