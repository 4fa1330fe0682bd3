import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { programs } from '../../scripts/tools/build.ts';
import { freePorts, startProcess, temporaryFolder, untilReady, type ServerProcess } from './process.ts';

export interface ControlPlaneSettings {
  /** The servers outlive this process. */
  readonly keep?: boolean;
  readonly apiServerArgs?: readonly string[];
  /** Deployments, garbage collection, deletion of namespaces, a ServiceAccount `default`. Default: yes. */
  readonly controllerManager?: boolean;
  /** Path of a kubectl in place of the one that is built here. */
  readonly kubectl?: string;
}

/** A real etcd, kube-apiserver and kube-controller-manager on loopback. */
export interface ControlPlane {
  readonly serverUrl: string;
  readonly folder: string;
  readonly caFile: string;
  /** Kubeconfig of a cluster administrator. */
  readonly kubeconfig: string;
  /** Audit events, one JSON line for each finished request. */
  readonly auditLog: string;
  readonly pids: readonly (number | undefined)[];
  /** Runs kubectl as administrator and gives its output. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** A kubeconfig with a token of a ServiceAccount. */
  kubeconfigFor(account: { readonly namespace: string; readonly name: string }): Promise<string>;
  /** Issues (again) a client certificate; the files keep their names. */
  clientCertificate(options: {
    readonly name: string;
    readonly user: string;
    readonly group: string;
    readonly seconds: number;
  }): {
    readonly certFile: string;
    readonly keyFile: string;
  };
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  stop(): Promise<void>;
}

const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata' }],
};

/** Garbage is collected at five times what is used, and not at twice: memory is there, and processor time is scarce. */
const GOGC = '400';

/** `npm run oldest` runs the same tests on the oldest API server that is supported. */
const API_SERVER = process.env['BYOB_OLDEST'] === undefined ? 'kube-apiserver' : 'kube-apiserver-oldest';

/** Boots a control plane; ended with this process unless `keep`. */
export async function startControlPlane(options: ControlPlaneSettings = {}): Promise<ControlPlane> {
  const paths = await programs('etcd', API_SERVER, 'pki');
  const kubectlPath = options.kubectl ?? (await programs('kubectl')).kubectl;
  const folder = temporaryFolder('byob-control-plane-', options.keep);
  const file = (name: string): string => join(folder, name);
  const keep = options.keep ?? false;
  const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
  const serverUrl = `https://127.0.0.1:${apiPort}`;

  const pki = (...args: string[]): void => void execFileSync(paths.pki, ['-dir', folder, ...args]);
  pki('-ca', 'ca', '-cert', 'server', '-cn', 'kube-apiserver', '-host', 'localhost,127.0.0.1,::1');
  pki('-ca', 'ca', '-cert', 'admin', '-cn', 'admin', '-org', 'system:masters');
  const serviceAccounts = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file('sa.key'), serviceAccounts.privateKey.export({ type: 'pkcs1', format: 'pem' }));
  writeFileSync(file('audit-policy.yaml'), stringify(AUDIT_POLICY));
  writeFileSync(file('audit.log'), '');
  const kubeconfig = writeKubeconfig(file('admin.kubeconfig'), serverUrl, file('ca.crt'), {
    'client-certificate': file('admin.crt'),
    'client-key': file('admin.key'),
  });

  const start = (name: string, command: string, args: readonly string[]): ServerProcess =>
    startProcess({ name, command, args, env: { PATH: process.env['PATH'], GOGC }, logFile: file(`${name}.log`), keep });

  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const etcd = start('etcd', paths.etcd, [
    `--data-dir=${file('etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    '--unsafe-no-fsync',
    '--log-level=error',
  ]);
  let apiServer = startApiServer();
  await apiReady();
  const controllerManager = options.controllerManager === false ? undefined : await startControllerManager();

  function startApiServer(): ServerProcess {
    return start('kube-apiserver', paths[API_SERVER], [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${apiPort}`,
      `--tls-cert-file=${file('server.crt')}`,
      `--tls-private-key-file=${file('server.key')}`,
      `--client-ca-file=${file('ca.crt')}`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.0.0.0/24',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${file('sa.key')}`,
      `--service-account-key-file=${file('sa.key')}`,
      `--audit-policy-file=${file('audit-policy.yaml')}`,
      `--audit-log-path=${file('audit.log')}`,
      '--audit-log-mode=blocking',
      // Marks are places in one file: after 100 MB, which is the default, a long run would lose what it reads.
      '--audit-log-maxsize=100000',
      '--shutdown-delay-duration=0s',
      ...(options.apiServerArgs ?? []),
    ]);
  }

  async function startControllerManager(): Promise<ServerProcess> {
    const found = await programs('kube-controller-manager');
    const started = start('kube-controller-manager', found['kube-controller-manager'], [
      `--kubeconfig=${kubeconfig}`,
      '--leader-elect=false',
      '--use-service-account-credentials=false',
      `--service-account-private-key-file=${file('sa.key')}`,
      `--root-ca-file=${file('ca.crt')}`,
      '--secure-port=0',
      '--controllers=serviceaccount,serviceaccount-token,root-ca-cert-publisher,clusterrole-aggregation,namespace,garbagecollector,deployment,replicaset',
    ]);
    // Its controllers work: one that it does not know ends it at once.
    await untilReady(started, file('kube-controller-manager.log'), () =>
      answers(serverUrl, folder, '/api/v1/namespaces/default/serviceaccounts/default'),
    );
    return started;
  }

  function apiReady(): Promise<void> {
    return untilReady(apiServer, file('kube-apiserver.log'), () => answers(serverUrl, folder, '/readyz'));
  }

  function kubectl(args: readonly string[], input?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const run = execFile(
        kubectlPath,
        [`--kubeconfig=${kubeconfig}`, ...args],
        { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, HOME: folder } },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`));
        },
      );
      run.stdin?.end(input ?? '');
    });
  }

  const plane: ControlPlane = {
    serverUrl,
    folder,
    caFile: file('ca.crt'),
    kubeconfig,
    auditLog: file('audit.log'),
    get pids() {
      return [etcd.pid, apiServer.pid, controllerManager?.pid];
    },
    kubectl,
    async kubeconfigFor({ namespace, name }) {
      const token = (await kubectl(['create', 'token', name, '-n', namespace, '--duration=12h'])).trim();
      return writeKubeconfig(file(`${namespace}-${name}.kubeconfig`), serverUrl, file('ca.crt'), { token });
    },
    clientCertificate({ name, user, group, seconds }) {
      pki('-ca', 'ca', '-cert', name, '-cn', user, '-org', group, '-seconds', String(seconds));
      return { certFile: file(`${name}.crt`), keyFile: file(`${name}.key`) };
    },
    stopApiServer: () => apiServer.stop('SIGKILL'),
    async startApiServer() {
      apiServer = startApiServer();
      await apiReady();
    },
    async stop() {
      await Promise.all([controllerManager?.stop('SIGKILL'), apiServer.stop('SIGKILL')]);
      await etcd.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return plane;
}

function writeKubeconfig(path: string, server: string, caFile: string, user: Readonly<Record<string, string>>): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server, 'certificate-authority': caFile } }],
    users: [{ name: 'local', user }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}

/** Whether a GET is answered by 200. */
function answers(serverUrl: string, folder: string, path: string): Promise<boolean> {
  const tls = {
    ca: readFileSync(join(folder, 'ca.crt')),
    cert: readFileSync(join(folder, 'admin.crt')),
    key: readFileSync(join(folder, 'admin.key')),
  };
  return new Promise((resolve, reject) => {
    const probe = request(`${serverUrl}${path}`, { ...tls, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.on('error', reject);
    probe.on('timeout', () => probe.destroy(new Error('timeout')));
    probe.end();
  });
}
