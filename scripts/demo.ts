/**
 * The whole path, for real: a Kubernetes API server, MinIO, the operator as its
 * own process under its own ServiceAccount, and the story of teams Kappa, Omega
 * and Sigma. `--keep` leaves it running; `--context NAME` uses a cluster of yours.
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBucket, createUser, startMinio, type Minio } from '../test/beds/minio.ts';
import { freePorts, startProcess, temporaryFolder, untilReady, type ServerProcess } from '../test/beds/process.ts';
import { buildBundle } from './bundle.ts';
import { existingCluster, ownCluster, type DemoCluster } from './demo/cluster.ts';
import { command, heading, masked, printChecks, say } from './demo/print.ts';

/** W&B's documented least-privilege grant on S3, as far as MinIO knows the actions. */
const WANDB_ACTIONS = [
  's3:GetObject',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:PutObject',
  's3:GetBucketLocation',
  's3:GetBucketVersioning',
];
const BUCKETS = ['wandb-data', 'omega-data'] as const;
/** Keys with every character that breaks a careless URL. */
const SECRETS = { 'wandb-app': 'wandb/secret+key=1@%?', 'omega-app': 'omega/secret&key:2,#' } as const;

const { values: flags } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, context: { type: 'string' } },
});

let interrupt: (reason: Error) => void = () => undefined;
const interrupted = new Promise<never>((_resolve, reject) => {
  interrupt = reject;
});
// Again and again: a second Ctrl-C must not cut the clean-up short.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupt(new Error(`ended by ${signal}`)));
}

const endings: (() => Promise<void>)[] = [];
const began = Date.now();
try {
  await Promise.race([demo(), interrupted]);
} catch (error) {
  process.exitCode = 1;
  say(
    `\nThe demo did not finish: ${error instanceof Object && 'message' in error ? String(error.message) : String(error)}`,
  );
} finally {
  if (!flags.keep || process.exitCode === 1) for (const end of endings.reverse()) await end().catch(() => undefined);
  process.exit();
}

async function demo(): Promise<void> {
  heading('Booting a Kubernetes API server and MinIO');
  const [cluster, minio] = await Promise.all([
    track(flags.context === undefined ? ownCluster(flags.keep) : existingCluster(flags.context, flags.keep)),
    track(startMinio({ keep: flags.keep })),
  ]);
  const { namespace } = cluster;
  await prepare(cluster, minio);
  say(`ready after ${seconds()}: MinIO at ${minio.endpoint} with buckets ${BUCKETS.join(' and ')}`);

  heading('Starting the operator under its own ServiceAccount');
  const operator = await startOperator(cluster);
  say(`byob operator is ready after ${seconds()} (process ${String(operator.process.pid)}, log ${operator.logFile})`);

  heading(
    'Applying config/samples: an instance bucket, team kappa on it, omega with its own, sigma with a forgotten one',
  );
  await applySamples(cluster, minio);
  await cluster.kubectl([
    'wait',
    '-n',
    namespace,
    'wbis/wandb',
    'wbts/kappa',
    'wbts/omega',
    '--for=condition=Ready',
    '--timeout=60s',
  ]);
  await cluster.kubectl(['wait', '-n', namespace, 'wbts/sigma', '--for=condition=Ready=False', '--timeout=60s']);
  await show(cluster, ['get', 'wbis,wbts', '-n', namespace]);

  heading('What is wrong with sigma');
  command(`kubectl get wbts sigma -n ${namespace} -o jsonpath='{.status.checks}'`);
  printChecks(
    JSON.parse(
      await cluster.kubectl(['get', 'wbts', 'sigma', '-n', namespace, '-o', 'jsonpath={.status.checks}']),
    ) as Parameters<typeof printChecks>[0],
  );

  heading('Mending it: the bucket is created, and a validation is asked for');
  await createBucket(minio, 'sigma-data');
  await show(cluster, [
    'annotate',
    'wbts',
    'sigma',
    '-n',
    namespace,
    `storage.wandb.com/reconcile-requested-at=${new Date().toISOString()}`,
  ]);
  await cluster.kubectl(['wait', '-n', namespace, 'wbts/sigma', '--for=condition=Ready', '--timeout=60s']);
  await show(cluster, ['get', 'wbts', '-n', namespace]);

  heading('The resolved config for the W&B server: Secret wandb-storage, credentials masked');
  await showSecret(cluster);
  heading('ConfigMap wandb-storage: values.yaml for the operator-wandb chart');
  const configMap = JSON.parse(
    await cluster.kubectl(['get', 'configmap', 'wandb-storage', '-n', namespace, '-o', 'json']),
  ) as {
    readonly data: Readonly<Record<string, string>>;
  };
  say(configMap.data['values.yaml'] ?? '');
  say(`Done in ${seconds()}.`);
  if (flags.keep) printHowToReach(cluster, minio, operator);
}

/** Remembers how to end what was started, in the order of starting. */
async function track<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  endings.push(() => started.stop());
  return started;
}

async function prepare(cluster: DemoCluster, minio: Minio): Promise<void> {
  const { namespace } = cluster;
  await Promise.all(BUCKETS.map((bucket) => createBucket(minio, bucket)));
  await allow(minio, 'wandb-app', ['wandb-data']);
  // Sigma uses Omega's key; its bucket is granted already, it only does not exist.
  await allow(minio, 'omega-app', ['omega-data', 'sigma-data']);
  await cluster.kubectl(['apply', '--server-side', '-k', 'crds']);
  await cluster.kubectl([
    'wait',
    '--for=condition=Established',
    'crd/instancestorages.storage.wandb.com',
    'crd/teamstorages.storage.wandb.com',
  ]);
  await cluster.kubectl(['create', 'namespace', namespace]);
  await cluster.kubectl(['apply', '-n', namespace, '-k', 'config/rbac']);
}

/** A MinIO user with W&B's documented grant on some buckets, and nothing more. */
async function allow(minio: Minio, name: keyof typeof SECRETS, buckets: readonly string[]): Promise<void> {
  await createUser(minio, { name, secret: SECRETS[name], buckets, actions: WANDB_ACTIONS });
}

interface Operator {
  readonly process: ServerProcess;
  readonly logFile: string;
}

async function startOperator(cluster: DemoCluster): Promise<Operator> {
  const folder = temporaryFolder('byob-operator-', flags.keep);
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
    ],
    logFile,
    keep: flags.keep,
  });
  endings.push(async () => {
    await operator.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  await untilReady(operator, logFile, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
  return { process: operator, logFile };
}

/** The samples as they stand in config/samples, with this MinIO and these keys in place of the examples. */
async function applySamples(cluster: DemoCluster, minio: Minio): Promise<void> {
  const files = ['credentials', 'instance', 'team-kappa', 'team-omega', 'team-sigma'];
  const samples = files
    .map((file) => readFileSync(`config/samples/${file}.yaml`, 'utf8'))
    .join('---\n')
    .replaceAll('https://minio.example.com:9000', minio.endpoint);
  const users = Object.entries(SECRETS);
  let next = 0;
  const filled = samples.replace(/ACCESS_KEY: replace-me\n {2}SECRET_KEY: replace-me/g, () => {
    const [id = '', secret = ''] = users[next] ?? [];
    next += 1;
    return `ACCESS_KEY: ${JSON.stringify(id)}\n  SECRET_KEY: ${JSON.stringify(secret)}`;
  });
  say('config/samples as they stand, with this MinIO and its keys in place of the examples:');
  command(`kubectl apply -n ${cluster.namespace} -f -`);
  say((await cluster.kubectl(['apply', '-n', cluster.namespace, '-f', '-'], filled)).trim());
}

async function showSecret(cluster: DemoCluster): Promise<void> {
  const secret = JSON.parse(
    await cluster.kubectl(['get', 'secret', 'wandb-storage', '-n', cluster.namespace, '-o', 'json']),
  ) as {
    readonly data: Readonly<Record<string, string>>;
  };
  for (const [key, value] of Object.entries(secret.data)) {
    say(
      `  ${key}: ${masked(key, Buffer.from(value, 'base64').toString('utf8')).replaceAll(',s3://', ',\n      s3://')}`,
    );
  }
}

async function show(cluster: DemoCluster, args: readonly string[]): Promise<void> {
  command(`kubectl ${args.join(' ')}`);
  say((await cluster.kubectl(args)).trimEnd());
}

function printHowToReach(cluster: DemoCluster, minio: Minio, operator: Operator): void {
  const pids = [...cluster.pids, minio.pid, operator.process.pid].filter((pid) => pid !== undefined);
  const folders = [...cluster.folders, minio.folder, dirname(operator.logFile)];
  heading('It keeps running');
  say(`  reach it:  ${cluster.reach}`);
  say(`  MinIO:     ${minio.endpoint} (user ${minio.rootUser}, password ${minio.rootPassword})`);
  say(`  end it:    kill -9 ${pids.join(' ')}; rm -r ${folders.join(' ')}`);
}

function seconds(): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
