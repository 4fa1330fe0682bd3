/**
 * The floor: a process that does only the necessary requests. It probes N buckets
 * with the operator's own prober and drivers, with the same limit of concurrent
 * probes, and applies one status after each. No watches, no queues, no checks, no
 * publishing. It is bundled like the operator.
 */
import { readFileSync } from 'node:fs';
import { TEAM_STORAGES, type TeamStorage } from '../../src/api/resources.ts';
import { createBare } from './minimal-operator.ts';
import type { FloorPlan } from './floor-plan.ts';

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FloorPlan;
const bare = createBare(plan);

const counts = await Promise.all(plan.teams.map((team) => once(team)));
const { user, system } = process.cpuUsage();
const requests = counts.reduce((sum, count) => sum + count, 0);
console.log(JSON.stringify({ requests, cpuSeconds: (user + system) / 1e6 }));
await bare.close();

async function once({ name, bucket, path }: FloorPlan['teams'][number]): Promise<number> {
  const requests = await bare.probe({ name, bucket, path, key: plan });
  const applied = await bare.kube.applyStatus<TeamStorage>(
    TEAM_STORAGES,
    {
      apiVersion: 'storage.wandb.com/v1alpha1',
      kind: 'TeamStorage',
      metadata: { name, namespace: plan.namespace },
      status: plan.status,
    },
    { fieldManager: 'byob-operator', force: true },
  );
  if (!applied.ok) throw new Error(`${name}: ${JSON.stringify(applied.error)}`);
  return requests;
}
