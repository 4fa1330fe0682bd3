import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { temporaryFolder } from '../../test/servers/process.ts';
import { outputSizes } from './output-sizes.ts';
import { recordProbe } from './record-probe.ts';
import { addRotatingTeam, applyKey, ROTATING_BUCKET, watchPublished } from './rotating-team.ts';
import { bareAccount, runFloor } from './run-floor.ts';
import { track } from './run-to-the-end.ts';
import type { RotationFloorPlan } from './floor/rotation-floor.ts';
import { metricSum, startMeasuredOperator } from './measured-operator.ts';
import { quantile } from './report.ts';
import { watchReady } from './watch-ready.ts';
import { fillNamespace, startWorld } from './environment.ts';

/** The interval of full validations: with 200 buckets, there is always a probe running. */
const FULL_INTERVAL = '15s';
const NAMESPACE = 'rotation';

/**
 * Measures the time from the edit of one team's key to its publication, while N
 * TeamStorages are validated all the time, compared with the floor of one probe and
 * three applies in the same run.
 */
export async function rotation(
  cleanup: AsyncDisposableStack,
  options: { readonly objects: number; readonly rotations: number; readonly json?: string },
): Promise<void> {
  const { objects, rotations } = options;
  const folder = temporaryFolder('byob-bench-');
  say('Starting a Kubernetes API server and MinIO');
  const world = await startWorld(cleanup);
  say('Recording what the operator asks the store for one team');
  const probe = await recordProbe(world, folder);
  say(`Creating ${objects} TeamStorages that are validated every ${FULL_INTERVAL}`);
  const kubeconfig = await fillNamespace(world, NAMESPACE, objects - 1, {
    validation: { fullInterval: FULL_INTERVAL, interval: '5s' },
  });
  const keys = await addRotatingTeam(world, NAMESPACE);
  const watch = await track(cleanup, watchReady(world.connection, NAMESPACE));
  const operator = await track(cleanup, startMeasuredOperator({ folder, kubeconfig, namespace: NAMESPACE }));
  await watch.until(objects + 1, 60 + objects);
  const published = await watchPublished(world, NAMESPACE);
  cleanup.defer(() => published.stop());

  say(`All Ready. Rotating one key ${rotations} times`);
  const before = await operator.metrics();
  const began = performance.now();
  const milliseconds: number[] = [];
  for (let index = 1; index <= rotations; index += 1) {
    const key = keys[index % keys.length];
    if (key === undefined) throw new Error('no key');
    const edited = performance.now();
    await applyKey(world, NAMESPACE, key);
    milliseconds.push((await published.seen(key.accessKeyId)) - edited);
    // Varied, so that rotations do not coincide with the validations.
    await pause(150 + ((index * 137) % 500));
  }
  const seconds = (performance.now() - began) / 1000;
  const after = await operator.metrics();
  const probes =
    metricSum(after, 'byob_probe_duration_seconds_count') - metricSum(before, 'byob_probe_duration_seconds_count');
  const sizes = await outputSizes(world, NAMESPACE);
  await operator.stop();

  say('Measuring the floor');
  const plan: RotationFloorPlan = {
    account: bareAccount(kubeconfig),
    namespace: NAMESPACE,
    endpoint: world.minio.endpoint,
    bucket: ROTATING_BUCKET,
    requests: probe.next,
    keys,
    rotations,
    sizes,
  };
  const floor = await runFloor<readonly number[]>(folder, 'scripts/bench/floor/rotation-floor.ts', plan);
  const figures = {
    objects,
    rotations,
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
    otherProbesPerSecond: probes / seconds,
    p50: quantile(milliseconds, 0.5),
    p99: quantile(milliseconds, 0.99),
    worst: Math.max(...milliseconds),
    floorP50: quantile(floor, 0.5),
    floorP99: quantile(floor, 0.99),
    ratio: quantile(milliseconds, 0.5) / quantile(floor, 0.5),
  };
  print(figures);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

function print(figures: Readonly<Record<string, number | string>>): void {
  const ms = (name: string): string => `${Number(figures[name]).toFixed(0)} ms`;
  const rows: readonly (readonly [string, string, string?])[] = [
    ['TeamStorages, on so many cores', `${figures['objects'] ?? ''} on ${figures['cores'] ?? ''}`],
    ['rotations', String(figures['rotations'])],
    ['other probes meanwhile', `${Number(figures['otherProbesPerSecond']).toFixed(1)} a second`],
    ['edit to published, p50', ms('p50')],
    ['edit to published, p99', ms('p99'), '< 2000 ms'],
    ['edit to published, worst', ms('worst')],
    ['floor, p50 and p99', `${ms('floorP50')}, ${ms('floorP99')}`],
    ['ratio of the p50', Number(figures['ratio']).toFixed(2)],
  ];
  for (const [what, value, aim = ''] of rows) {
    console.log(`${what.padEnd(40)}${value.padEnd(24)}${aim}`.trimEnd());
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
