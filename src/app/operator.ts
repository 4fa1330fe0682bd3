import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createOpenBucket } from '../drivers/registry.ts';
import { createKubeClient } from '../kube/client.ts';
import { createKubeConnection, type KubeConnection } from '../kube/connection.ts';
import { createCountedConnection } from '../kube/counted-connection.ts';
import { createEventRecorder } from '../kube/event-recorder.ts';
import { createFencedConnection } from '../kube/fenced-connection.ts';
import { loadKubeConfig } from '../kube/kube-config.ts';
import { createLeaseLock } from '../kube/lease-lock.ts';
import type { KubeClient } from '../ports/kube.ts';
import type { Log } from '../ports/log.ts';
import { createProber, PROBE_LIMITS } from '../probes/prober.ts';
import { createSurveys } from '../probes/surveys.ts';
import { createHealthServer } from '../runtime/health.ts';
import { createHttpServer, type HttpAnswer } from '../runtime/http-server.ts';
import { createLeaderElection, type LeaderElection, type LeaderElectionOptions } from '../runtime/leader-election.ts';
import { createManager, type Component, type Manager } from '../runtime/manager.ts';
import { createMemoryKeeper } from '../runtime/memory-keeper.ts';
import { createTimeSlice } from '../runtime/time-slice.ts';
import { createTelemetry, type Telemetry } from '../telemetry/prometheus.ts';
import { createControllers } from './controllers.ts';
import { wireNetwork } from './network.ts';
import type { OperatorOptions } from './operator-options.ts';
import { settingsForLog } from './settings-for-log.ts';
import { systemClock } from './system-clock.ts';
import { createSystemMemory } from './system-memory.ts';
import { createWatches, type Watches } from './watches.ts';

const CONTROLLER_NAME = 'storage.wandb.com/byob-operator';

/** Builds the operator: all adapters, and the controllers on them. Nothing runs before `start`. */
export function createOperator(options: OperatorOptions, baseLog: Log, onLeadershipLost: () => void): Manager {
  const clock = systemClock;
  const shard = options.watchLabelSelector?.text;
  const log = shard === undefined ? baseLog : baseLog.child({ shard });
  const telemetry = createTelemetry(options.version, shard);
  const { connection, kube, election, server } = connect(options, telemetry, { log, onLost: onLeadershipLost });
  const { net, apiServerAddresses } = wireNetwork(options, {
    connection,
    server,
    metrics: telemetry.runtime,
    clock,
  });
  const { namespaces, requireSecretLabel } = options;
  const timeSlice = createTimeSlice(clock);
  const watches = createWatches({ connection, namespaces, requireSecretLabel, clock, timeSlice, log });
  const events = createEventRecorder({
    kube,
    clock,
    log,
    controller: CONTROLLER_NAME,
    instance: hostname(),
    randomSuffix: () => randomBytes(6).toString('hex'),
  });
  const openBucket = createOpenBucket({ net, clouds: options.clouds });
  const surveys = createSurveys();
  const prober = createProber({ openBucket, http: net.http, clock, randomId, limits: PROBE_LIMITS, surveys });
  telemetry.runtime.probeTurns(prober.endpoints);
  const { http } = net;
  const parts = {
    kube,
    watches,
    prober,
    surveys,
    http,
    events,
    telemetry,
    clock,
    timeSlice,
    log,
    randomSalt: randomId,
    options,
  };
  const controllers = createControllers(parts);
  const components: readonly Component[] = [
    connectionComponent(connection, () => net.close()),
    createHealthServer({
      address: options.health,
      live: { process: () => undefined },
      ready: { watches: () => watches.problem() },
    }),
    createMemoryKeeper({ memory: createSystemMemory(), clock }),
    createHttpServer({ name: 'metrics', address: options.metrics, routes: { '/metrics': () => scraped(telemetry) } }),
    apiServerAddresses,
    watches,
    // Components after the election run in one process at a time. Caches come before it, so that they are filled.
    ...(election === undefined ? [] : [election, freshCaches(watches, election)]),
    { name: 'events', start: () => Promise.resolve(), stop: () => events.drain() },
    { name: 'probes', start: () => Promise.resolve(), stop: () => prober.stop() },
    ...controllers,
  ];
  return createManager({ components, clock, log, about: settingsForLog(options) });
}

/** A watch that has stalled shows nothing, and what the former leader has written may rest on what it missed. */
function freshCaches(watches: Watches, election: LeaderElection): Component {
  return {
    name: 'fresh-caches',
    start: () => (election.hasPredecessor() ? watches.refresh() : Promise.resolve()),
    stop: () => Promise.resolve(),
  };
}

function randomId(): string {
  return randomBytes(16).toString('hex');
}

/** The connections to the API server: `kube` sends nothing while another process leads. */
function connect(
  options: OperatorOptions,
  { runtime }: Telemetry,
  deps: Pick<LeaderElectionOptions, 'log' | 'onLost'>,
) {
  const kubeConfig = loadKubeConfig({
    ...(options.kubeconfig !== undefined && { file: options.kubeconfig }),
    ...(options.context !== undefined && { context: options.context }),
  });
  const server = kubeConfig.getCurrentCluster()?.server;
  const connection = createCountedConnection(createKubeConnection(kubeConfig), runtime);
  const unfenced = createKubeClient(connection);
  const election = electionOf(options.leaderElection, { kube: unfenced, clock: systemClock, ...deps });
  if (options.leaderElection === undefined || election === undefined) {
    return { connection, kube: unfenced, election: undefined, server };
  }
  runtime.leaderElection(options.leaderElection.name, () => election.isLeading());
  const kube = createKubeClient(createFencedConnection(connection, () => election.isLeading()));
  return { connection, kube, election, server };
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
    // The name of the pod, and a random part that no earlier process of that name had.
    identity: `${hostname()}_${randomBytes(6).toString('hex')}`,
    times: lease.times,
    random: Math.random,
    ...deps,
  });
}

/** Closes the sockets last, when nothing needs them any more. */
function connectionComponent(connection: KubeConnection, closeNet: () => Promise<void>): Component {
  return {
    name: 'connections',
    start: () => Promise.resolve(),
    async stop() {
      await Promise.allSettled([connection.close(), closeNet()]);
    },
  };
}
