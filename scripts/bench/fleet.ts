import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { defined } from '../../src/base/defined.ts';
import { auditMark, writesSince, type AuditMark } from '../../test/servers/audit.ts';
import { createUser } from '../../test/servers/minio.ts';
import { temporaryFolder } from '../../test/servers/process.ts';
import { addTeam, fillNamespace, instanceName, putSharedKey, startWorld, type World } from './environment.ts';
import { longest, type LongestBlocks } from './longest-block.ts';
import { metricSum, startMeasuredOperator, type MeasuredOperator } from './measured-operator.ts';
import { measureOperator } from './measure-operator.ts';
import { measureStart } from './measure-start.ts';
import { quantile } from './report.ts';
import type { RotationFloorPlan } from './floor/rotation-floor.ts';
import type { StoreKey } from './floor/signature.ts';
import { outputSizes } from './output-sizes.ts';
import { recordProbe } from './record-probe.ts';
import { addRotatingTeam, applyKey, ROTATING_BUCKET, watchPublished } from './rotating-team.ts';
import { bareAccount, runFloor } from './run-floor.ts';
import { track } from './run-to-the-end.ts';
import type { ReadyWatch } from './watch-ready.ts';

/** With what the fleet is compared: a tenth of its objects and of its buckets, on one InstanceStorage. */
const TENTH = 0.1;
const NEWCOMERS = 100;
const ROTATIONS = 40;
const ROTATE_WITHIN_MS = 2_000;
/** Longer than the publisher waits for more proofs. */
const QUIET_MS = 8_000;

export interface FleetOptions {
  readonly objects: number;
  readonly buckets: number;
  readonly instances: number;
  readonly json?: string;
  /** Folder for CPU profiles of the operator with all objects, and of its restart. */
  readonly profile?: string;
}

/**
 * Measures a large fleet on a real API server and MinIO, with leader election: how its time grows with its size, what it
 * writes, whether the lease is kept, how long a new team and a rotated key take, and a restart.
 */
export async function fleet(cleanup: AsyncDisposableStack, options: FleetOptions): Promise<void> {
  const { objects, buckets, instances, profile } = options;
  const folder = temporaryFolder('byob-bench-');
  say('Starting a Kubernetes API server and MinIO');
  const world = await startWorld(cleanup, buckets);

  say('Recording what the operator asks the store for one team');
  // Another key is another identity: survey and trial.
  const { first: requests } = await recordProbe(world, folder);

  const tenth = { ...world, buckets: world.buckets.slice(0, Math.max(1, buckets * TENTH)) };
  const few = Math.round(objects * TENTH);
  say(`Creating ${few} TeamStorages`);
  const account = await fillNamespace(tenth, 'tenth', few);
  say('Measuring the operator with them');
  const { figures: small } = await measureOperator(cleanup, world, {
    ...{ folder, kubeconfig: account, namespace: 'tenth', objects: few, leaderElection: true },
  });

  say(`Creating ${objects} TeamStorages on ${instances} InstanceStorages`);
  const kubeconfig = await fillNamespace(world, 'fleet', objects, { instances });
  const names = Array.from({ length: instances }, (_, index) => instanceName(index));
  const mark = auditMark(world.plane.auditLog);
  let latencies: Latencies = { newcomers: [], rotations: [], floor: [], calmRotations: [] };
  say('Measuring the operator with them');
  const at = { folder, kubeconfig, namespace: 'fleet', leaderElection: true, ...defined({ profile }) };
  const { figures: large } = await measureOperator(cleanup, world, {
    ...{ ...at, objects, instances: names },
    andThen: async (operator, watch) => {
      say(`All are proven anew. Adding ${NEWCOMERS} teams meanwhile, and rotating one key ${ROTATIONS} times`);
      await renewSharedKey(world);
      const newcomers = await addNewcomers(world, watch);
      const { keys, rotate } = await rotatingKey(cleanup, world, watch);
      const rotations = await rotate();
      say('A bare client sends the same beside them');
      const floor = await rotationFloor(world, { folder, kubeconfig, requests, keys });
      const waiting = metricSum(await operator.metrics(), 'byob_probe_endpoint_waiting');
      if (waiting === 0) say('Not all of that was measured while others waited');
      await untilProven(operator);
      await untilQuiet(world);
      say(`Rotating the key ${ROTATIONS} times while nothing else is proven`);
      latencies = { newcomers, rotations, floor, calmRotations: await rotate() };
      await untilQuiet(world);
    },
  });
  const leaseGapSeconds = longestLeaseGap(world, mark);

  say('Starting the operator again with all of them Ready');
  const restartMark = auditMark(world.plane.auditLog);
  const again = await track(cleanup, startMeasuredOperator(at));
  const restart = await measureStart(again, objects);
  const restartWrites = writesSince(world.plane.auditLog, restartMark, BY).filter(
    ({ resource }) => resource === 'teamstorages/status',
  ).length;
  await again.stop();

  const { newcomers, rotations, floor, calmRotations } = latencies;
  const figures = {
    ...{ objects, buckets, instances, cores: cpus().length, date: new Date().toISOString().slice(0, 10) },
    ...{ tenth: small, fleet: large, timeOfTenth: large.seconds / small.seconds, leaseGapSeconds },
    newcomer: { p50: quantile(newcomers, 0.5), p99: quantile(newcomers, 0.99) },
    rotation: { p50: quantile(rotations, 0.5), p99: quantile(rotations, 0.99) },
    rotationFloor: { p50: quantile(floor, 0.5), p99: quantile(floor, 0.99) },
    calmRotation: { p50: quantile(calmRotations, 0.5), p99: quantile(calmRotations, 0.99) },
    restart: { ...restart, ...longest(again.blocks()), statusWrites: restartWrites },
  };
  print(figures);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

const BY = { user: 'system:serviceaccount:fleet:byob-operator', namespace: 'fleet' };

/** Gives the Secret that all teams use another key, so that each team proves it. */
async function renewSharedKey(world: World): Promise<void> {
  const key = { accessKeyId: 'renewed', secretAccessKey: 'secret-of-renewed' };
  const { accessKeyId: name, secretAccessKey: secret } = key;
  await createUser(world.minio, { name, secret, buckets: ['*'], actions: ['s3:*'] });
  await putSharedKey(world, 'fleet', key);
}

/** No probe waits or runs for some time. */
async function untilProven(operator: MeasuredOperator): Promise<void> {
  for (let calm = 0; calm < 5;) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const metrics = await operator.metrics();
    const probes = ['waiting', 'running'].map((name) => metricSum(metrics, `byob_probe_endpoint_${name}`));
    calm = probes.every((count) => count === 0) ? calm + 1 : 0;
  }
}

/** What was proven last is published and reported with a delay: nothing is written for some time. */
async function untilQuiet({ plane }: World): Promise<void> {
  for (;;) {
    const mark = auditMark(plane.auditLog);
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    const isLease = ({ resource }: { readonly resource: string }): boolean => resource === 'leases';
    if (writesSince(plane.auditLog, mark, BY).every(isLease)) return;
  }
}

/** Milliseconds from the creation of a team until it is Ready, one after the other. */
async function addNewcomers(world: World, watch: ReadyWatch): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  for (let index = 0; index < NEWCOMERS; index += 1) {
    const name = `newcomer-${index}`;
    const bucket = world.buckets[(index * 7) % world.buckets.length] ?? '';
    const ready = watch.readyAt.size;
    const began = performance.now();
    await addTeam(world, { namespace: 'fleet', name, bucket, instance: 'wandb' });
    await watch.until(ready + 1, 60);
    milliseconds.push((watch.readyAt.get(`TeamStorage/${name}`) ?? Number.NaN) - began);
  }
  return milliseconds;
}

/** Rotates the key of one team: milliseconds from each edit of the key until it is published. */
async function rotatingKey(
  cleanup: AsyncDisposableStack,
  world: World,
  watch: ReadyWatch,
): Promise<{ readonly keys: readonly StoreKey[]; readonly rotate: () => Promise<readonly number[]> }> {
  const ready = watch.readyAt.size;
  const keys = await addRotatingTeam(world, 'fleet', 'wandb');
  await watch.until(ready + 1, 60);
  const published = await watchPublished(world, 'fleet');
  cleanup.defer(() => published.stop());
  let rotations = 0;
  const rotate = async (): Promise<readonly number[]> => {
    const milliseconds: number[] = [];
    while (milliseconds.length < ROTATIONS) {
      rotations += 1;
      const key = keys[rotations % keys.length];
      if (key === undefined) throw new Error('no key');
      // Not in step with the publisher, which has more to do once the key is published.
      await new Promise((resolve) => setTimeout(resolve, ROTATE_WITHIN_MS * Math.random()));
      const edited = performance.now();
      await applyKey(world, 'fleet', key);
      milliseconds.push((await published.seen(key.accessKeyId)) - edited);
    }
    return milliseconds;
  };
  return { keys, rotate };
}

/** Milliseconds that the requests of one rotation take, with outputs of the same sizes, and nothing of our own. */
async function rotationFloor(
  world: World,
  using: { readonly folder: string; readonly kubeconfig: string } & Pick<RotationFloorPlan, 'requests' | 'keys'>,
): Promise<readonly number[]> {
  const { folder, kubeconfig, requests, keys } = using;
  const plan: RotationFloorPlan = {
    ...{ account: bareAccount(kubeconfig), namespace: 'fleet', endpoint: world.minio.endpoint },
    ...{ bucket: ROTATING_BUCKET, requests, keys, rotations: ROTATIONS },
    sizes: await outputSizes(world, 'fleet'),
  };
  return runFloor<readonly number[]>(folder, 'scripts/bench/floor/rotation-floor.ts', plan);
}

/** The longest time between two renewals of the lease, by the API server's audit log. */
function longestLeaseGap({ plane }: World, mark: AuditMark): number {
  const times = writesSince(plane.auditLog, mark, BY)
    .filter(({ resource, code }) => resource === 'leases' && code < 300)
    .map(({ finishedAt }) => Date.parse(finishedAt));
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return Math.max(...gaps) / 1000;
}

interface Latencies {
  readonly newcomers: readonly number[];
  /** While all others are proven anew. */
  readonly rotations: readonly number[];
  /** The requests of a rotation alone, by a bare client, just after them. */
  readonly floor: readonly number[];
  readonly calmRotations: readonly number[];
}

interface Figures {
  readonly objects: number;
  readonly tenth: { readonly seconds: number };
  readonly fleet: Awaited<ReturnType<typeof measureOperator>>['figures'];
  readonly timeOfTenth: number;
  readonly leaseGapSeconds: number;
  readonly newcomer: { readonly p50: number; readonly p99: number };
  readonly rotation: { readonly p50: number; readonly p99: number };
  readonly rotationFloor: { readonly p50: number; readonly p99: number };
  readonly calmRotation: { readonly p50: number; readonly p99: number };
  readonly restart: Awaited<ReturnType<typeof measureStart>> & LongestBlocks & { readonly statusWrites: number };
}

function print({ objects, tenth, fleet: all, restart, ...figures }: Figures): void {
  const { newcomer, rotation, rotationFloor, calmRotation } = figures;
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  const rows: readonly (readonly [string, string, string?])[] = [
    ['start until all Ready', `${all.seconds.toFixed(1)} s, a tenth ${tenth.seconds.toFixed(1)} s`],
    ['compared with a tenth', `${figures.timeOfTenth.toFixed(2)} times`, '<= 11 times'],
    ['processor time until then', `${all.cpuSeconds.toFixed(1)} s`],
    ['store requests for each object', all.storeRequests.toFixed(1)],
    ['status writes for each TeamStorage', all.statusWrites.toFixed(3), '1'],
    ['writes of ledger and outputs, in all', String(all.outputWrites)],
    ['writes at rest', String(all.restingWrites), '0'],
    ['longest block of the event loop', ms(all.longestBlockMs), '< 250 ms'],
    ['without waits for a processor', ms(all.longestOwnMs)],
    ['longest use of the processor in a block', ms(all.longestStepMs)],
    ['longest time between two renewals', `${figures.leaseGapSeconds.toFixed(1)} s`, '< 10 s'],
    ['memory at most (RSS)', `${all.peakRssMb.toFixed(0)} MB`],
    ['memory at rest (RSS)', `${all.restingRssMb.toFixed(0)} MB`, '< 260 MB'],
    ['a new team until Ready, p50 and p99', `${ms(newcomer.p50)}, ${ms(newcomer.p99)}`, '< 3000 ms'],
    ['a rotated key until published, p50 and p99', `${ms(rotation.p50)}, ${ms(rotation.p99)}`, '< 1000 ms'],
    ['its requests alone, by a bare client', `${ms(rotationFloor.p50)}, ${ms(rotationFloor.p99)}`],
    ['the same while nothing else is proven', `${ms(calmRotation.p50)}, ${ms(calmRotation.p99)}`, '< 1000 ms'],
    ['restart: until all were looked at', `${restart.seconds.toFixed(1)} s`],
    ['restart: processor time', `${restart.cpuSeconds.toFixed(1)} s`],
    ['restart: longest block', ms(restart.longestBlockMs), '< 250 ms'],
    ['restart: without waits for a processor', ms(restart.longestOwnMs)],
    ['restart: longest use of the processor in one', ms(restart.longestStepMs)],
    ['restart: status writes, full probes', `${restart.statusWrites}, ${restart.fullProbes}`, '0, 0'],
    ['restart: store requests', String(restart.probeRequests)],
  ];
  console.log(`${objects} TeamStorages`);
  for (const [what, value, aim = ''] of rows) console.log(`${what.padEnd(46)}${value.padEnd(28)}${aim}`.trimEnd());
}

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
