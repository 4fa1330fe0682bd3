import type { TeamStorageStatus } from '../../src/api/resources.ts';
import { teamAt, type World } from './environment.ts';
import type { FloorPlan } from './floor/converge-floor.ts';
import type { RecordedProbe } from './record-probe.ts';
import { bareAccount, runFloor } from './run-floor.ts';
import { watchReady } from './watch-ready.ts';

/** As many teams at a time as the operator validates at one endpoint. */
const AT_ONCE = 4;

export interface Floor {
  readonly seconds: number;
  readonly requests: number;
  readonly cpuSeconds: number;
}

/** Runs the floor's process over the same buckets, under the same kind of account and the same kind of watch. */
export async function measureFloor(options: {
  readonly world: World;
  readonly folder: string;
  readonly namespace: string;
  readonly kubeconfig: string;
  readonly objects: number;
  readonly probe: RecordedProbe;
  readonly status: TeamStorageStatus;
}): Promise<Floor> {
  const { world, objects, namespace } = options;
  const plan: FloorPlan = {
    account: bareAccount(options.kubeconfig),
    namespace,
    endpoint: world.minio.endpoint,
    key: { accessKeyId: world.minio.rootUser, secretAccessKey: world.minio.rootPassword },
    ...options.probe,
    teams: Array.from({ length: objects }, (_, index) => teamAt(world, index)),
    status: options.status,
    atOnce: AT_ONCE,
  };
  const watch = await watchReady(world.connection, namespace);
  const began = performance.now();
  const { requests, cpuSeconds } = await runFloor<Omit<Floor, 'seconds'>>(
    options.folder,
    'scripts/bench/floor/converge-floor.ts',
    plan,
  );
  await watch.until(objects, 60);
  const seconds = (performance.now() - began) / 1000;
  await watch.stop();
  return { seconds, requests, cpuSeconds };
}
