import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { TEAM_STORAGES } from '../../src/api/resources.ts';
import { auditMark, writesSince, type AuditMark } from '../../test/servers/audit.ts';
import { temporaryFolder } from '../../test/servers/process.ts';
import { track } from './run-to-the-end.ts';
import { startMeasuredOperator, type MeasuredOperator } from './measured-operator.ts';
import { measureStart } from './measure-start.ts';
import { watchReady, type ReadyWatch } from './watch-ready.ts';
import { addTeam, fillNamespace, startWorld, type World } from './environment.ts';

const NAMESPACE = 'crowd';
const EMPTY = 'nobody';
const BUCKET = 'crowd-bucket';
const NEWCOMER = 'newcomer';
const BY = { user: `system:serviceaccount:${NAMESPACE}:byob-operator`, namespace: NAMESPACE };
/** How long nothing may be written before writes are counted: co-tenants are updated with a delay. */
const QUIET_MS = 8_000;
/**
 * Measures the cost of N teams by sub-path on one bucket: the first list of a
 * restarted operator that finds them all Ready, compared with a start with nothing
 * to list; and the status writes when one more team is added and removed.
 */
export async function crowd(
  cleanup: AsyncDisposableStack,
  options: { readonly objects: number; readonly json?: string; readonly profile?: string },
): Promise<void> {
  const { objects } = options;
  const folder = temporaryFolder('byob-bench-');
  say('Starting a Kubernetes API server and MinIO');
  const world = await startWorld(cleanup);
  await world.createBucket(BUCKET);
  say(`Creating ${objects} TeamStorages by sub-path on one bucket`);
  const kubeconfig = await fillNamespace(world, NAMESPACE, objects, { bucketOf: () => BUCKET });
  const emptyKubeconfig = await fillNamespace(world, EMPTY, 0);
  const watch = await track(cleanup, watchReady(world.connection, NAMESPACE));
  const start = (profile: object = {}): Promise<MeasuredOperator> =>
    track(cleanup, startMeasuredOperator({ folder, kubeconfig, namespace: NAMESPACE, ...profile }));

  say('Validating all of them for the first time');
  const mark = auditMark(world.plane.auditLog);
  const first = await start();
  await watch.until(objects + 1, 120 + objects);
  const provenSeconds = (performance.now() - first.startedAt) / 1000;
  await untilQuiet(world);
  const writesToReady = statusWrites(world, mark) / objects;
  await first.stop();

  say('Starting the operator with nothing to list, and then with all of them Ready');
  const bare = await track(cleanup, startMeasuredOperator({ folder, kubeconfig: emptyKubeconfig, namespace: EMPTY }));
  const base = await measureStart(bare, 0);
  await bare.stop();
  const bareList = bareListCpuSeconds(kubeconfig);
  const restartMark = auditMark(world.plane.auditLog);
  const operator = await start(options.profile === undefined ? {} : { profile: options.profile });
  const crowded = await measureStart(operator, objects);
  await untilQuiet(world);
  const restartWrites = statusWrites(world, restartMark);

  say('Adding one more team, and removing it');
  const added = await countWrites(world, () => addNewcomer(world, watch));
  const removed = await countWrites(world, () => removeNewcomer(world));
  await operator.stop();

  const figures = {
    objects,
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
    provenSeconds,
    writesToReady,
    firstListCpuSeconds: crowded.listedCpuSeconds - base.listedCpuSeconds,
    bareListCpuSeconds: bareList,
    lookedAtCpuSeconds: crowded.cpuSeconds - base.cpuSeconds,
    lookedAtSeconds: crowded.seconds,
    longestBlockMs: crowded.longestBlockMs,
    emptyLongestBlockMs: base.longestBlockMs,
    emptyCpuSeconds: base.cpuSeconds,
    restartProbeRequests: crowded.probeRequests,
    restartStatusWrites: restartWrites,
    addedStatusWrites: added,
    removedStatusWrites: removed,
  };
  print(figures);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

/** The median of three. */
function bareListCpuSeconds(kubeconfig: string): number {
  const script = new URL('bare-list.ts', import.meta.url).pathname;
  const once = (): number => {
    const { stdout, status } = spawnSync(process.execPath, [script, kubeconfig, NAMESPACE], { encoding: 'utf8' });
    if (status !== 0) throw new Error('the bare list failed');
    return Number(stdout);
  };
  return [once(), once(), once()].sort((left, right) => left - right)[1] ?? 0;
}

/** Counts the status writes that follow a change. */
async function countWrites(world: World, change: () => Promise<void>): Promise<number> {
  const mark = auditMark(world.plane.auditLog);
  await change();
  await untilQuiet(world);
  return statusWrites(world, mark);
}

async function addNewcomer(world: World, watch: ReadyWatch): Promise<void> {
  const before = watch.readyAt.size;
  await addTeam(world, { namespace: NAMESPACE, name: NEWCOMER, bucket: BUCKET });
  await watch.until(before + 1, 120);
}

async function removeNewcomer({ kube }: World): Promise<void> {
  const deleted = await kube.delete(TEAM_STORAGES, { namespace: NAMESPACE, name: NEWCOMER });
  if (!deleted.ok) throw new Error(JSON.stringify(deleted.error));
}

function statusWrites({ plane }: World, mark: AuditMark): number {
  return writesSince(plane.auditLog, mark, BY).filter(({ resource }) => resource.endsWith('storages/status')).length;
}

async function untilQuiet({ plane }: World): Promise<void> {
  const deadline = performance.now() + 900_000;
  for (;;) {
    const mark = auditMark(plane.auditLog);
    await pause(QUIET_MS);
    if (writesSince(plane.auditLog, mark, BY).length === 0) return;
    if (performance.now() > deadline) throw new Error('the operator did not become idle within 15 minutes');
  }
}

function print(figures: Readonly<Record<string, number | string>>): void {
  const number = (name: string): number => Number(figures[name]);
  const seconds = (name: string): string => `${number(name).toFixed(2)} s`;
  const rows: readonly (readonly [string, string, string?])[] = [
    ['TeamStorages on one bucket, cores', `${figures['objects'] ?? ''} on ${figures['cores'] ?? ''}`],
    ['first start to all Ready', seconds('provenSeconds')],
    ['status writes per TeamStorage until rest', number('writesToReady').toFixed(3), '1'],
    ['restart: CPU of the first list', seconds('firstListCpuSeconds')],
    ['the same list, read and parsed alone', seconds('bareListCpuSeconds')],
    ['the difference', `${(number('firstListCpuSeconds') - number('bareListCpuSeconds')).toFixed(2)} s`, '< 0.5 s'],
    ['restart: CPU until all were looked at', seconds('lookedAtCpuSeconds')],
    ['restart: start to all looked at', seconds('lookedAtSeconds')],
    [
      'restart: longest block (nothing to list)',
      blocks(number('longestBlockMs'), number('emptyLongestBlockMs')),
      '< 250 ms',
    ],
    ['restart: requests to the store', String(figures['restartProbeRequests'])],
    ['restart: status writes', String(figures['restartStatusWrites']), '0'],
    ['status writes by one more team', String(figures['addedStatusWrites']), '<= 3'],
    ['status writes by one team less', String(figures['removedStatusWrites']), '<= 3'],
  ];
  for (const [what, value, aim = ''] of rows) {
    console.log(`${what.padEnd(44)}${value.padEnd(24)}${aim}`.trimEnd());
  }
}

function blocks(crowded: number, empty: number): string {
  return `${crowded.toFixed(0)} ms (${empty.toFixed(0)} ms)`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
