import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePorts, startProcess } from '../../test/servers/process.ts';
import { buildBundle } from '../bundle.ts';
import { hrtimeUs, type Block } from './longest-block.ts';

/** The operator as a process, with measurements of its start. */
export interface MeasuredOperator {
  readonly pid: number;
  /** Just before the process was started, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** From then until /livez answered. */
  readonly listeningSeconds: number;
  /** Resolves once its watches have listed everything. */
  untilListed(): Promise<void>;
  readonly metrics: () => Promise<string>;
  /** Writes a heap snapshot into the folder `heap`. */
  snapshotHeap(): Promise<void>;
  /** The blocks of its event loop since it listens, once it has stopped: before, it loads its modules. */
  blocks(): readonly Block[];
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 10;
const SNAPSHOT_SIGNAL = 'SIGUSR2';
/** Flags of Node in the entry point of the image (Dockerfile). */
export const IMAGE_FLAGS = ['--no-parallel-scavenge'];
/** The environment that the image sets (Dockerfile). */
export const IMAGE_ENVIRONMENT = {
  NODE_ENV: 'production',
  NODE_OPTIONS: '--max-semi-space-size=8',
  UV_THREADPOOL_SIZE: '64',
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: '32768',
  MALLOC_TOP_PAD_: '16384',
  MALLOC_MMAP_THRESHOLD_: '32768',
};

export async function startMeasuredOperator(options: {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** The bundle of another revision. */
  readonly bundle?: string;
  /** Folder for CPU profiles. */
  readonly profile?: string;
  /** Folder for heap snapshots, which `snapshotHeap` writes. */
  readonly heap?: string;
  /** `NODE_OPTIONS` of the process; those of the image by default. */
  readonly nodeOptions?: string;
  readonly leaderElection?: boolean;
}): Promise<MeasuredOperator> {
  const entry = options.bundle ?? (await buildBundle(join(options.folder, 'operator')));
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const logFile = join(options.folder, 'operator.log');
  // Earlier processes wrote to the same file.
  const logged = existsSync(logFile) ? statSync(logFile).size : 0;
  const blocksFile = join(options.folder, `blocks-${port}.json`);
  const startedAt = performance.now();
  const server = startProcess({
    name: 'byob operator',
    command: process.execPath,
    args: [
      ...flagsOf(options),
      entry,
      'operator',
      `--kubeconfig=${options.kubeconfig}`,
      `--namespace=${options.namespace}`,
      `--health-address=127.0.0.1:${port}`,
      `--metrics-address=127.0.0.1:${metricsPort}`,
      '--allowed-endpoints=127.0.0.0/8',
      ...electionFlags(options),
    ],
    env: {
      PATH: process.env['PATH'],
      ...IMAGE_ENVIRONMENT,
      BYOB_BENCH_BLOCKS: blocksFile,
      ...(options.nodeOptions !== undefined && { NODE_OPTIONS: options.nodeOptions }),
    },
    logFile,
  });
  // Cheaper for the process than HTTP requests: first wait until the port is open.
  while (server.running && !(await isOpen(port))) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  const listeningAt = hrtimeUs();
  const live = await fetch(`http://127.0.0.1:${port}/livez`);
  if (!live.ok || server.pid === undefined) throw new Error('the operator did not start');
  return {
    pid: server.pid,
    startedAt,
    listeningSeconds: (performance.now() - startedAt) / 1000,
    async untilListed() {
      // From its log: each request to /readyz would cost 0.7 ms of CPU, which would be part of the measurement.
      const isStarted = (): boolean => readFileSync(logFile).includes('"message":"started"', logged);
      while (server.running && !isStarted()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    },
    async snapshotHeap() {
      process.kill(server.pid ?? 0, SNAPSHOT_SIGNAL);
      // It answers again once the snapshot is written.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await fetch(`http://127.0.0.1:${port}/livez`);
    },
    metrics: async () => {
      const ask = async (): Promise<string> => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      return ask().catch(ask);
    },
    blocks() {
      const all = JSON.parse(readFileSync(blocksFile, 'utf8')) as readonly Block[];
      return all.filter(({ from }) => from >= listeningAt);
    },
    stop: () => server.stop(),
  };
}

function flagsOf({ bundle, profile, heap }: Parameters<typeof startMeasuredOperator>[0]): readonly string[] {
  return [
    // The image of an older revision had none.
    ...(bundle === undefined ? IMAGE_FLAGS : []),
    `--import=${join(import.meta.dirname, 'record-blocks.ts')}`,
    ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ...(heap === undefined ? [] : [`--heapsnapshot-signal=${SNAPSHOT_SIGNAL}`, `--diagnostic-dir=${heap}`]),
  ];
}

function electionFlags(options: { readonly namespace: string; readonly leaderElection?: boolean }): readonly string[] {
  return options.leaderElection === true ? ['--leader-elect', `--leader-election-namespace=${options.namespace}`] : [];
}

/** The sum over all series of a metric in the Prometheus text format, or over those with a label such as `mode="Full"`. */
export function metricSum(text: string, name: string, label = ''): number {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
