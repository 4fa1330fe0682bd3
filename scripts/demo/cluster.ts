import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startControlPlane } from '../../test/servers/control-plane.ts';
import { temporaryFolder } from '../../test/servers/process.ts';

/** The cluster of the demo: its own, or an existing one. */
export interface DemoCluster {
  readonly namespace: string;
  /** The setting with which a user's kubectl reaches it, for the printed commands. */
  readonly reach: string;
  readonly pids: readonly (number | undefined)[];
  readonly folders: readonly string[];
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Kubeconfig with the token of the operator's ServiceAccount, which is not an administrator. */
  operatorKubeconfig(): Promise<string>;
  stop(): Promise<void>;
}

const ACCOUNT = 'byob-operator';

/** A new control plane on loopback, without controllers: nothing in the demo needs them. */
export async function ownCluster(keep: boolean, kubectl: string): Promise<DemoCluster> {
  const namespace = 'wandb';
  const plane = await startControlPlane({ keep, kubectl, controllerManager: false });
  return {
    namespace,
    reach: `export KUBECONFIG=${plane.kubeconfig}`,
    pids: plane.pids,
    folders: [plane.folder],
    kubectl: (args, input) => plane.kubectl(args, input),
    operatorKubeconfig: () => plane.kubeconfigFor({ namespace, name: ACCOUNT }),
    stop: () => plane.stop(),
  };
}

/** A context of the user's kubeconfig. The demo uses its own namespace and removes what it created. */
export async function existingCluster(context: string, keep: boolean, path: string): Promise<DemoCluster> {
  const namespace = 'byob-demo';
  const folder = temporaryFolder('byob-demo-', keep);
  const kubectl = (args: readonly string[], input = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const run = execFile(path, [`--context=${context}`, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`));
      });
      run.stdin?.end(input);
    });
  const existing = await kubectl(['get', 'crd', '-o', 'name']);
  return {
    namespace,
    reach: `kubectl config use-context ${context}`,
    pids: [],
    folders: [folder],
    kubectl,
    async operatorKubeconfig() {
      const token = (await kubectl(['create', 'token', ACCOUNT, '-n', namespace, '--duration=2h'])).trim();
      const config = JSON.parse(await kubectl(['config', 'view', '--minify', '--raw', '-o', 'json'])) as {
        readonly clusters: readonly { readonly cluster: unknown }[];
      };
      const file = join(folder, 'operator.kubeconfig');
      const content = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'demo', cluster: config.clusters[0]?.cluster }],
        users: [{ name: 'demo', user: { token } }],
        contexts: [{ name: 'demo', context: { cluster: 'demo', user: 'demo' } }],
        'current-context': 'demo',
      };
      writeFileSync(file, stringify(content), { mode: 0o600 });
      return file;
    },
    async stop() {
      if (keep) return;
      await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
      if (!existing.includes('storage.wandb.com')) await kubectl(['delete', '-k', 'crds', '--ignore-not-found']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
