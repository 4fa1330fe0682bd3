import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { programs } from '../../scripts/tools/build.ts';
import { credentialOf } from './audit.ts';
import { freePorts, startProcess, temporaryFolder, untilReady, type ServerProcess } from './process.ts';
import { adminRequest, sharedServers } from './shared.ts';

/** The operator's bundle as a process of its own, under its own ServiceAccount, in one namespace. */
export interface OperatorProcess {
  /** Name in the audit log. */
  readonly user: string;
  /** Names its token in the audit log: no other process has the same. */
  readonly credential: string;
  readonly healthUrl: string;
  readonly metricsUrl: string;
  /** Of the process that runs, or ran last. */
  readonly pid: number;
  /** Everything that it logged, as objects. */
  log(): readonly Readonly<Record<string, unknown>>[];
  rawLog(): string;
  /** Exit code of the process that ran last; `null` while it runs, and when a signal ended it. */
  readonly exitCode: number | null;
  readonly running: boolean;
  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void;
  /** Waits until the process has ended by itself; how many milliseconds that took. */
  untilEnded(seconds: number): Promise<number>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Ends the process; `startAgain` starts another with an empty memory. */
  stopOnly(signal?: NodeJS.Signals): Promise<void>;
  startAgain(): Promise<void>;
  restart(signal?: NodeJS.Signals): Promise<void>;
}

const ACCOUNT = 'byob-operator';
/** Acting as a ServiceAccount is given by the tests that need it. */
const PERMISSIONS = ['operator.yaml', 'delivery/role.yaml', 'rollout/role.yaml'].map((file) => `config/rbac/${file}`);

export interface OperatorSettings {
  /** Added to, and stronger than, those that every test needs. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where it finds the API server, such as the test's own proxy. */
  readonly serverUrl?: string;
  /** Another bundle than the one of this tree, such as an older revision's. */
  readonly bundle?: string;
  /** A command that runs the one that follows it, such as with other limits. */
  readonly within?: readonly string[];
  /** Where it logs, instead of a file of its own. */
  readonly logTo?: string;
}

/** Gives the operator its permissions in a namespace and starts it; the clouds are those of the shared servers. */
export async function startOperator(namespace: string, options: OperatorSettings = {}): Promise<OperatorProcess> {
  const { kubectl } = await programs('kubectl');
  const servers = sharedServers();
  // Proxies of operators that run already are in this process: they must not stand still meanwhile.
  await promisify(execFile)(kubectl, [
    `--kubeconfig=${servers.kubeconfig}`,
    'apply',
    '-n',
    namespace,
    ...PERMISSIONS.flatMap((file) => ['-f', file]),
  ]);
  const folder = temporaryFolder('byob-operator-');
  const logFile = join(folder, 'operator.log');
  writeFileSync(logFile, '');
  const kubeconfig = join(folder, 'kubeconfig');
  const token = await tokenOf(namespace);
  writeFileSync(
    kubeconfig,
    stringify(accountKubeconfig(options.serverUrl ?? servers.serverUrl, servers.folder, token)),
  );
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const healthUrl = `http://127.0.0.1:${port}`;

  async function launch(): Promise<ServerProcess> {
    const [command, ...before] = [...(options.within ?? []), process.execPath];
    const server = startProcess({
      name: 'byob operator',
      command,
      args: [
        ...before,
        options.bundle ?? servers.bundle,
        'operator',
        `--kubeconfig=${kubeconfig}`,
        `--namespace=${namespace}`,
        `--health-address=127.0.0.1:${port}`,
        `--metrics-address=127.0.0.1:${metricsPort}`,
        '--allowed-endpoints=127.0.0.0/8',
        `--gcs-endpoint=${servers.gcs.endpoint}`,
        `--azure-endpoint=${servers.azurite.endpoint}`,
        '--log-level=debug',
        ...(options.args ?? []),
      ],
      env: { PATH: process.env['PATH'], ...options.env },
      logFile: options.logTo ?? logFile,
    });
    await untilReady(server, logFile, async () => (await fetch(`${healthUrl}/readyz`)).ok);
    return server;
  }

  let server = await launch();
  return {
    user: `system:serviceaccount:${namespace}:${ACCOUNT}`,
    credential: credentialOf(token),
    healthUrl,
    get pid() {
      return server.pid ?? 0;
    },
    get exitCode() {
      return server.exitCode;
    },
    get running() {
      return server.running;
    },
    signal: (signal) => server.kill(signal),
    async untilEnded(seconds) {
      const began = performance.now();
      const late = setTimeout(() => server.kill('SIGKILL'), seconds * 1000);
      await server.ended;
      clearTimeout(late);
      const took = performance.now() - began;
      if (took >= seconds * 1000) throw new Error(`the operator did not end within ${seconds} s`);
      return took;
    },
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    rawLog: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    log: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async stop(signal) {
      await server.stop(signal);
      failOnRefusedStatus(readFileSync(logFile, 'utf8'));
      rmSync(folder, { recursive: true, force: true });
    },
    stopOnly: (signal) => server.stop(signal),
    async startAgain() {
      server = await launch();
    },
    async restart(signal) {
      await server.stop(signal);
      server = await launch();
    },
  };
}

const REFUSED = [
  /"message":"status refused"/,
  /"cause":"status: (400|413|422) |"cause":"status: 500 .*typed patch object/,
];

/** A field or value that the CRD does not take shows nowhere but here: every scenario looks for it. */
function failOnRefusedStatus(log: string): void {
  const refused = log.split('\n').find((line) => REFUSED.some((sign) => sign.test(line)));
  if (refused !== undefined) throw new Error(`the API server refused a status of the operator: ${refused}`);
}

async function tokenOf(namespace: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${ACCOUNT}/token`;
  const answer = await adminRequest('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    // No test renews it: longer than the longest soak.
    spec: { expirationSeconds: 43_200 },
  });
  return (answer.body['status'] as { readonly token: string }).token;
}

function accountKubeconfig(server: string, folder: string, token: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server, 'certificate-authority': join(folder, 'ca.crt') } }],
    users: [{ name: 'local', user: { token } }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
}
