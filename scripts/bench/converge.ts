import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { auditMark, writesSince, type AuditedWrite } from '../../test/servers/audit.ts';
import { temporaryFolder } from '../../test/servers/process.ts';
import { track } from './run-to-the-end.ts';
import { measureFloor } from './measure-floor.ts';
import { metricSum, startMeasuredOperator } from './measured-operator.ts';
import { processUsage } from './process-usage.ts';
import { printTable, quantile, type Figures } from './report.ts';
import { watchReady } from './watch-ready.ts';
import { fillNamespace, startWorld } from './environment.ts';

/** How long nothing may be written before the idle figures are measured. */
const REST_SECONDS = 10;

/**
 * Measures how long the operator takes to make N existing objects Ready, compared
 * with the floor: the same store requests and status applies without the operator.
 */
export async function converge(
  cleanup: AsyncDisposableStack,
  options: {
    readonly objects: number;
    readonly json?: string;
    readonly profile?: string;
    readonly nodeOptions?: string;
  },
): Promise<void> {
  const { objects } = options;
  const folder = temporaryFolder('byob-bench-');
  say('Starting a Kubernetes API server and MinIO');
  const world = await startWorld(cleanup);
  say(`Creating ${objects} TeamStorages and an InstanceStorage, twice: for the operator and for the floor`);
  const kubeconfig = await fillNamespace(world, 'bench', objects);
  const floorKubeconfig = await fillNamespace(world, 'floor', objects);
  const watch = await track(cleanup, watchReady(world.connection, 'bench'));

  say('Starting the operator');
  const mark = auditMark(world.plane.auditLog);
  const operator = await track(
    cleanup,
    startMeasuredOperator({
      folder,
      kubeconfig,
      namespace: 'bench',
      ...(options.profile !== undefined && { profile: options.profile }),
      ...(options.nodeOptions !== undefined && { nodeOptions: options.nodeOptions }),
    }),
  );
  await watch.until(objects + 1, 60 + objects);
  const seconds = (performance.now() - operator.startedAt) / 1000;
  const converged = processUsage(operator.pid);
  const waits = [...watch.readyAt.values()].map((at) => (at - operator.startedAt) / 1000);
  say(`All Ready after ${seconds.toFixed(1)} s; waiting until it is idle`);

  await untilCounted(() => watch.instance('wandb')?.status?.teams?.ready === objects);
  const by = { user: 'system:serviceaccount:bench:byob-operator', namespace: 'bench' };
  const writes = writesSince(world.plane.auditLog, mark, by);
  const restMark = auditMark(world.plane.auditLog);
  await pause(REST_SECONDS * 1000);
  const restWrites = writesSince(world.plane.auditLog, restMark, by).length;
  const resting = processUsage(operator.pid);
  const metrics = await operator.metrics();
  await operator.stop();

  say('Measuring the floor');
  const status = watch.team('team-0000')?.status;
  if (status === undefined) throw new Error('team-0000 has no status');
  const floor = await measureFloor({ world, folder, kubeconfig: floorKubeconfig, objects, status });
  const figures: Figures = {
    objects,
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
    seconds,
    floorSeconds: floor.seconds,
    ratio: seconds / floor.seconds,
    storeRequests: metricSum(metrics, 'byob_probe_requests_total') / (objects + 1),
    floorStoreRequests: floor.requests / objects,
    statusWrites: countOf(writes, /^teamstorages\/status$/) / objects,
    instanceStatusWrites: countOf(writes, /^instancestorages\/status$/),
    eventWrites: countOf(writes, /^events$/) / (objects + 1),
    outputWrites: countOf(writes, /^(secrets|configmaps)$/),
    readyP50: quantile(waits, 0.5),
    readyP99: quantile(waits, 0.99),
    listeningSeconds: operator.listeningSeconds,
    cpuSeconds: converged.cpuSeconds,
    floorCpuSeconds: floor.cpuSeconds,
    peakRssMb: resting.peakRssMb,
    restingRssMb: resting.rssMb,
    restingHeapMb: metricSum(metrics, 'nodejs_heap_size_used_bytes') / 2 ** 20,
    restingWrites: restWrites,
    eventLoopLagMaxMs: metricSum(metrics, 'nodejs_eventloop_lag_max_seconds') * 1000,
  };
  printTable(figures);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

function countOf(writes: readonly AuditedWrite[], resource: RegExp): number {
  return writes.filter((write) => resource.test(write.resource)).length;
}

/** The counts in the InstanceStorage are updated some seconds after the last team. */
async function untilCounted(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('the InstanceStorage did not count its teams within 60 s');
    await pause(100);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
