import { auditMark, writesSince, type AuditedWrite } from '../../test/servers/audit.ts';
import type { TeamStorageStatus } from '../../src/api/resources.ts';
import type { World } from './environment.ts';
import { longest, type LongestBlocks } from './longest-block.ts';
import { metricSum, startMeasuredOperator, type MeasuredOperator } from './measured-operator.ts';
import { processUsage } from './process-usage.ts';
import { quantile } from './report.ts';
import { track } from './run-to-the-end.ts';
import { watchReady, type Counted, type ReadyWatch } from './watch-ready.ts';

/** How long nothing may be written before the idle figures are measured: V8 gives memory back within 20 seconds. */
const REST_SECONDS = 30;

/** What one build of the operator did until every object was Ready, and then at rest. */
export interface OperatorFigures extends LongestBlocks {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** For each object. */
  readonly storeRequests: number;
  /** For each TeamStorage. */
  readonly statusWrites: number;
  readonly instanceStatusWrites: number;
  /** For each object. */
  readonly eventWrites: number;
  readonly outputWrites: number;
  readonly readyP50: number;
  readonly readyP99: number;
  readonly listeningSeconds: number;
  readonly peakRssMb: number;
  readonly restingRssMb: number;
  readonly restingHeapMb: number;
  readonly restingWrites: number;
}

/** Starts the operator on a filled namespace of `objects` teams and measures it; the status of its first team comes with it. */
export async function measureOperator(
  cleanup: AsyncDisposableStack,
  { plane, connection }: World,
  options: {
    readonly folder: string;
    readonly kubeconfig: string;
    readonly namespace: string;
    readonly objects: number;
    readonly bundle?: string;
    readonly profile?: string;
    /** Folder for a heap snapshot at rest. */
    readonly heap?: string;
    readonly nodeOptions?: string;
    readonly leaderElection?: boolean;
    readonly counted?: Counted;
    /** Names of the InstanceStorages. */
    readonly instances?: readonly string[];
    /** More work for the same process, once it has come to rest. */
    readonly andThen?: (operator: MeasuredOperator, watch: ReadyWatch) => Promise<void>;
  },
): Promise<{ readonly figures: OperatorFigures; readonly status: TeamStorageStatus }> {
  const { namespace, objects, instances = ['wandb'], counted = 'Ready' } = options;
  const all = objects + instances.length;
  const watch = await track(cleanup, watchReady(connection, namespace, counted));
  const mark = auditMark(plane.auditLog);
  const operator = await track(cleanup, startMeasuredOperator(options));
  await watch.until(all, 60 + objects);
  const seconds = (performance.now() - operator.startedAt) / 1000;
  const converged = processUsage(operator.pid);
  const waits = [...watch.readyAt.values()].map((at) => (at - operator.startedAt) / 1000);

  const readyIn = (name: string): number => watch.instance(name)?.status?.teams?.ready ?? 0;
  const isCounted = (): boolean =>
    counted === 'Validated' || instances.reduce((sum, name) => sum + readyIn(name), 0) === objects;
  await untilCounted(isCounted);
  const by = { user: `system:serviceaccount:${namespace}:byob-operator`, namespace };
  // Events are sent a few at a time, after everything else.
  for (let last = 0, now = 1; now !== last; now = writesSince(plane.auditLog, mark, by).filter(isEvent).length) {
    last = now;
    await pause(500);
  }
  const writes = writesSince(plane.auditLog, mark, by);
  const restMark = auditMark(plane.auditLog);
  await pause(REST_SECONDS * 1000);
  // The lease is renewed at rest too.
  const restingWrites = writesSince(plane.auditLog, restMark, by).filter(
    ({ resource }) => resource !== 'leases',
  ).length;
  const resting = processUsage(operator.pid);
  const metrics = await operator.metrics();
  const status = watch.team('team-0000')?.status;
  if (options.heap !== undefined) await operator.snapshotHeap();
  await options.andThen?.(operator, watch);
  await operator.stop();
  await watch.stop();
  if (status === undefined) throw new Error('team-0000 has no status');
  const figures = {
    seconds,
    cpuSeconds: converged.cpuSeconds,
    storeRequests: metricSum(metrics, 'byob_probe_requests_total') / all,
    statusWrites: countOf(writes, /^teamstorages\/status$/) / objects,
    instanceStatusWrites: countOf(writes, /^instancestorages\/status$/),
    eventWrites: countOf(writes, /^events$/) / all,
    outputWrites: countOf(writes, /^(secrets|configmaps)$/),
    readyP50: quantile(waits, 0.5),
    readyP99: quantile(waits, 0.99),
    listeningSeconds: operator.listeningSeconds,
    peakRssMb: resting.peakRssMb,
    restingRssMb: resting.rssMb,
    restingHeapMb: metricSum(metrics, 'nodejs_heap_size_used_bytes') / 2 ** 20,
    restingWrites,
    ...longest(operator.blocks()),
  };
  return { figures, status };
}

function isEvent({ resource }: AuditedWrite): boolean {
  return resource === 'events';
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
