/**
 * The demo: a Kubernetes API server, MinIO, emulators of Google Cloud Storage and
 * Azure Blob, the operator as its own process under its own ServiceAccount, and the
 * teams in `config/samples`. `--keep` leaves it running; `--context NAME` uses an
 * existing cluster.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { existingCluster, ownCluster, type DemoCluster } from './demo/cluster.ts';
import { startOperator, type DemoOperator } from './demo/operator.ts';
import { command, heading, masked, printFailure, say, type CheckLine } from './demo/print.ts';
import { preparePrograms } from './demo/programs.ts';
import {
  addIotaCors,
  cloudFlags,
  createSigmaBucket,
  fillSamples,
  startStores,
  type DemoStores,
} from './demo/stores.ts';
import { installCrds } from '../test/servers/install-crds.ts';

const SAMPLES = 'config/samples';
const GOOD_TEAMS = ['kappa', 'omega', 'theta', 'delta'];
const BROKEN_TEAMS = ['sigma', 'iota', 'rho'];

const { values: flags } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, context: { type: 'string' } },
});

let interrupt: (reason: Error) => void = () => undefined;
const interrupted = new Promise<never>((_resolve, reject) => {
  interrupt = reject;
});
// Not `once`: a second Ctrl-C must not interrupt the clean-up.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupt(new Error(`ended by ${signal}`)));
}

const cleanup = new AsyncDisposableStack();
const began = Date.now();
try {
  await Promise.race([demo(), interrupted]);
} catch (error) {
  process.exitCode = 1;
  const text = error instanceof Object && 'message' in error ? String(error.message) : String(error);
  say(`\nThe demo did not finish: ${text}`);
} finally {
  if (!flags.keep || process.exitCode === 1) await cleanup.disposeAsync().catch(() => undefined);
  process.exit();
}

async function demo(): Promise<void> {
  const kubectl = await preparePrograms(flags.context !== undefined);
  heading(
    `Starting ${flags.context === undefined ? 'a Kubernetes API server, ' : ''}MinIO, and emulators of GCS and Azure Blob`,
  );
  const [cluster, stores] = await Promise.all([
    track(
      flags.context === undefined
        ? ownCluster(flags.keep, kubectl)
        : existingCluster(flags.context, flags.keep, kubectl),
    ),
    startStores(flags.keep, track),
  ]);
  const { namespace } = cluster;
  await install(cluster);
  say(`ready after ${seconds()}: MinIO ${stores.minio.endpoint}, GCS ${stores.gcs.endpoint}`);
  say(`Azure ${stores.azurite.endpoint.replace('{account}', stores.azurite.account)}`);

  heading('Starting the operator under its own ServiceAccount');
  const operator = await track(startOperator(cluster, { keep: flags.keep, flags: cloudFlags(stores) }));
  say(`byob operator is ready after ${seconds()} (process ${String(operator.pid)}, log ${operator.logFile})`);

  heading('Applying config/samples');
  await applySamples(cluster, stores);
  await Promise.all([
    waitFor(cluster, ['wbis/wandb', ...GOOD_TEAMS.map((team) => `wbts/${team}`)], 'Ready'),
    waitFor(
      cluster,
      BROKEN_TEAMS.map((team) => `wbts/${team}`),
      'Ready=False',
    ),
  ]);
  await show(cluster, ['get', 'wbis,wbts', '-n', namespace]);

  heading('What is wrong, and how to fix it');
  for (const team of BROKEN_TEAMS) await showFailure(cluster, team);

  heading('Fixing sigma (the bucket is created) and iota (the CORS rule is added), and requesting a validation');
  await Promise.all([createSigmaBucket(stores), addIotaCors(stores)]);
  const request = `storage.wandb.com/reconcile-requested-at=${new Date().toISOString()}`;
  await show(cluster, ['annotate', 'wbts', 'sigma', 'iota', '-n', namespace, request]);

  heading('Fixing rho: its Secret gets the current key; the operator notices the change by itself');
  const patch = JSON.stringify({ stringData: { AZURE_STORAGE_KEY: stores.azurite.accountKey } });
  command(
    `kubectl patch secret rho-account -n ${namespace} -p '{"stringData":{"AZURE_STORAGE_KEY":"<the right key>"}}'`,
  );
  say((await cluster.kubectl(['patch', 'secret', 'rho-account', '-n', namespace, '-p', patch])).trim());
  await waitFor(
    cluster,
    BROKEN_TEAMS.map((team) => `wbts/${team}`),
    'Ready',
  );
  await show(cluster, ['get', 'wbts', '-n', namespace]);

  heading('The resolved config for the W&B server: Secret wandb-storage, credentials masked');
  await showSecret(cluster);
  heading('ConfigMap wandb-storage: values.yaml for the operator-wandb chart');
  say((await dataOf(cluster, 'configmap'))['values.yaml'] ?? '');
  say(`Done in ${seconds()}.`);
  if (flags.keep) printHowToReach(cluster, stores, operator);
}

/** Adds what was started to the clean-up. */
async function track<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  cleanup.defer(() => started.stop());
  return started;
}

async function install(cluster: DemoCluster): Promise<void> {
  await installCrds(cluster);
  await cluster.kubectl(['create', 'namespace', cluster.namespace]);
  // Without the roles for users, which would stay in a cluster of the user, and name a namespace.
  await cluster.kubectl(['apply', '-n', cluster.namespace, '-f', 'config/rbac/operator.yaml']);
}

async function waitFor(cluster: DemoCluster, objects: readonly string[], condition: string): Promise<void> {
  try {
    await cluster.kubectl([
      ...['wait', '-n', cluster.namespace, ...objects],
      ...[`--for=condition=${condition}`, '--timeout=60s'],
    ]);
  } catch (error) {
    await show(cluster, ['get', 'wbis,wbts', '-n', cluster.namespace, '-o', 'wide']);
    throw error;
  }
}

async function applySamples(cluster: DemoCluster, stores: DemoStores): Promise<void> {
  const { resources } = parse(readFileSync(`${SAMPLES}/kustomization.yaml`, 'utf8')) as {
    readonly resources: readonly string[];
  };
  const samples = resources.map((file) => readFileSync(`${SAMPLES}/${file}`, 'utf8')).join('---\n');
  say('config/samples, with the addresses and keys of these stores in place of the examples:');
  command(`kubectl apply -n ${cluster.namespace} -f -`);
  const filled = fillSamples(samples, stores);
  say((await cluster.kubectl(['apply', '-n', cluster.namespace, '-f', '-'], filled)).trim());
}

async function showFailure(cluster: DemoCluster, team: string): Promise<void> {
  const args = ['get', 'wbts', team, '-n', cluster.namespace, '-o', 'jsonpath={.status.checks}'];
  command(`kubectl get wbts ${team} -n ${cluster.namespace} -o jsonpath='{.status.checks}'   # shortened here`);
  printFailure(JSON.parse(await cluster.kubectl(args)) as readonly CheckLine[]);
}

async function showSecret(cluster: DemoCluster): Promise<void> {
  for (const [key, value] of Object.entries(await dataOf(cluster, 'secret'))) {
    const text = masked(key, Buffer.from(value, 'base64').toString('utf8'));
    say(`  ${key}: ${text.replaceAll(/,(?=[a-z0-9]+:\/\/)/g, ',\n      ')}`);
  }
}

async function dataOf(cluster: DemoCluster, kind: string): Promise<Readonly<Record<string, string>>> {
  const text = await cluster.kubectl(['get', kind, 'wandb-storage', '-n', cluster.namespace, '-o', 'json']);
  return (JSON.parse(text) as { readonly data: Readonly<Record<string, string>> }).data;
}

async function show(cluster: DemoCluster, args: readonly string[]): Promise<void> {
  command(`kubectl ${args.join(' ')}`);
  say((await cluster.kubectl(args)).trimEnd());
}

function printHowToReach(cluster: DemoCluster, { minio, gcs, azurite }: DemoStores, operator: DemoOperator): void {
  const pids = [...cluster.pids, minio.pid, ...gcs.pids, azurite.pid, operator.pid].filter((pid) => pid !== undefined);
  const folders = [...cluster.folders, minio.folder, gcs.folder, azurite.folder, operator.folder];
  heading('The demo keeps running in the background');
  say(`  reach it:  ${cluster.reach}`);
  say(`  MinIO:     ${minio.endpoint} (user ${minio.rootUser}, password ${minio.rootPassword})`);
  say(`  GCS:       ${gcs.endpoint} (administration: ${gcs.admin})`);
  say(`  Azure:     ${azurite.endpoint} (account ${azurite.account}, key ${azurite.accountKey})`);
  say(`  end it:    kill -9 ${pids.join(' ')}; rm -r ${folders.join(' ')}`);
}

function seconds(): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
