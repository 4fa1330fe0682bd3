import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../../test/servers/process.ts';
import { buildBundle } from '../bundle.ts';
import type { DemoCluster } from './cluster.ts';

/** The operator's bundle, running under its own ServiceAccount. */
export interface DemoOperator {
  readonly pid: number | undefined;
  readonly folder: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Builds the bundle and starts it with the demo's flags and `flags`. */
export async function startOperator(
  cluster: DemoCluster,
  options: { readonly keep: boolean; readonly flags: readonly string[] },
): Promise<DemoOperator> {
  const folder = temporaryFolder('byob-operator-', options.keep);
  const logFile = join(folder, 'operator.log');
  const entry = await buildBundle(join(folder, 'dist'));
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const operator = startProcess({
    name: 'byob operator',
    command: process.execPath,
    args: [
      entry,
      'operator',
      `--kubeconfig=${await cluster.operatorKubeconfig()}`,
      `--namespace=${cluster.namespace}`,
      `--health-address=127.0.0.1:${port}`,
      `--metrics-address=127.0.0.1:${metricsPort}`,
      '--allowed-endpoints=127.0.0.0/8',
      ...options.flags,
    ],
    logFile,
    keep: options.keep,
  });
  async function stop(): Promise<void> {
    await operator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    await untilReady(operator, logFile, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: operator.pid, folder, logFile, stop };
}
