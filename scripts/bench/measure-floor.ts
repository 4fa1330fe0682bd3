import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TeamStorageStatus } from '../../src/api/resources.ts';
import { buildBundle } from '../bundle.ts';
import type { FloorPlan } from './floor-plan.ts';
import { IMAGE_ENVIRONMENT } from './measured-operator.ts';
import { watchReady } from './watch-ready.ts';
import { ORIGIN, type World } from './environment.ts';

export interface Floor {
  readonly seconds: number;
  readonly requests: number;
  readonly cpuSeconds: number;
}

/** Runs the floor's process over the same buckets, under the same kind of account and the same kind of watch. */
export async function measureFloor(options: {
  readonly world: World;
  readonly folder: string;
  readonly kubeconfig: string;
  readonly objects: number;
  readonly status: TeamStorageStatus;
}): Promise<Floor> {
  const { world, folder, objects } = options;
  const entry = await buildBundle(join(folder, 'floor'), 'scripts/bench/floor.ts');
  const plan: FloorPlan = {
    kubeconfig: options.kubeconfig,
    namespace: 'floor',
    endpoint: world.minio.endpoint,
    accessKeyId: world.minio.rootUser,
    secretAccessKey: world.minio.rootPassword,
    appOrigin: ORIGIN,
    teams: Array.from({ length: objects }, (_, index) => {
      const name = `team-${String(index).padStart(4, '0')}`;
      return { name, bucket: world.buckets[index % world.buckets.length] ?? '', path: `teams/${name}` };
    }),
    status: options.status,
  };
  const file = join(folder, 'floor.json');
  writeFileSync(file, JSON.stringify(plan), { mode: 0o600 });
  const watch = await watchReady(world.connection, 'floor');
  const began = performance.now();
  const output = await run(entry, file);
  await watch.until(objects, 60);
  const seconds = (performance.now() - began) / 1000;
  await watch.stop();
  const { requests, cpuSeconds } = JSON.parse(output) as { readonly requests: number; readonly cpuSeconds: number };
  return { seconds, requests, cpuSeconds };
}

function run(entry: string, plan: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, plan], {
      env: { PATH: process.env['PATH'], ...IMAGE_ENVIRONMENT },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', end);
      if (code === 0) resolve(output);
      else reject(new Error(`the floor's process ended with ${String(code)}`));
    });
  });
}
