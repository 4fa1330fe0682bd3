import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from '../../scripts/tools/build.ts';
import { moduleFolder } from '../../scripts/tools/module-folder.ts';
import type { ControlPlane } from './control-plane.ts';
import { startProcess, temporaryFolder, type ServerProcess } from './process.ts';

/** What kwok plays: nodes that are ready and stay so, and pods that run as soon as they have a node. */
const STAGES = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
];

/**
 * Nodes of a control plane, each in a zone of its own, by kwok and the real
 * scheduler: pods are scheduled and told to be ready, and no container runs.
 */
export async function startNodes(
  plane: Pick<ControlPlane, 'kubeconfig' | 'kubectl'>,
  names: readonly string[],
): Promise<{ stop(): Promise<void> }> {
  const paths = await programs('kwok', 'kube-scheduler', 'kube-controller-manager');
  const stages = join(moduleFolder('kwok', 'sigs.k8s.io/kwok'), 'kustomize', 'stage');
  const folder = temporaryFolder('byob-nodes-');
  const home = join(folder, 'home');
  mkdirSync(home);
  const start = (name: keyof typeof paths, ...args: readonly string[]): ServerProcess =>
    startProcess({
      name,
      command: paths[name],
      args: [`--kubeconfig=${plane.kubeconfig}`, ...args],
      env: { PATH: process.env['PATH'], HOME: home },
      logFile: join(folder, `${name}.log`),
    });
  const servers = [
    // It takes the taint off that a new node has.
    start(
      'kube-controller-manager',
      '--leader-elect=false',
      '--secure-port=0',
      '--controllers=node-lifecycle-controller',
    ),
    start('kube-scheduler', '--leader-elect=false', '--secure-port=0'),
    start(
      'kwok',
      '--manage-all-nodes=true',
      '--node-lease-duration-seconds=40',
      '--server-address=127.0.0.1:0',
      ...STAGES.map((stage) => `--config=${join(stages, stage)}`),
    ),
  ];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop('SIGKILL')));
  };
  try {
    const nodes = names.map((name) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': name } },
    }));
    await plane.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: nodes }));
    await plane.kubectl(['wait', '--for=condition=Ready', 'node', ...names, '--timeout=60s']);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
