/**
 * The floor: a process that does only what cannot be left out. It sends the
 * probes of N buckets, by the operator's own prober and drivers, at most as many
 * at a time as that does, and applies one status after each. No watches, no
 * queues, no judging, no publishing. It is bundled like the operator.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TEAM_STORAGES, type TeamStorage } from '../../src/api/resources.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { BucketTarget } from '../../src/domain/storage.ts';
import { Secret } from '../../src/domain/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/store-endpoint.ts';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import { createKubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createNet } from '../../src/net/net.ts';
import { createProber, PROBE_LIMITS } from '../../src/probes/prober.ts';
import type { FloorPlan } from './floor-plan.ts';

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FloorPlan;
const connection = createKubeConnection(loadKubeConfig({ file: plan.kubeconfig }));
const kube = createKubeClient(connection);
const policy = createAddressPolicy({
  allowedEndpoints: ['127.0.0.0/8'],
  deniedCidrs: [],
  apiServerAddresses: [],
});
const net = createNet({ policy, proxy: {} });
const prober = createProber({
  openBucket: createOpenBucket({ net, clouds: PUBLIC_CLOUDS }),
  http: net.http,
  clock: systemClock,
  randomId: () => randomUUID().replaceAll('-', ''),
  limits: PROBE_LIMITS,
});

const counts = await Promise.all(plan.teams.map((team) => once(team)));
const { user, system } = process.cpuUsage();
const requests = counts.reduce((sum, count) => sum + count, 0);
console.log(JSON.stringify({ requests, cpuSeconds: (user + system) / 1e6 }));
await Promise.all([net.close(), connection.close()]);

async function once({ name, bucket, path }: FloorPlan['teams'][number]): Promise<number> {
  const url = new URL(plan.endpoint);
  const target: BucketTarget = {
    storage: {
      provider: 'S3Compatible',
      name: bucket,
      path,
      region: 'us-east-1',
      addressing: 'Path',
      endpoint: { scheme: 'http', host: url.hostname, port: Number(url.port) },
      credentials: {
        kind: 'AccessKey',
        secretName: 'root',
        accessKeyIdKey: 'ACCESS_KEY',
        secretAccessKeyKey: 'SECRET_KEY',
      },
    },
    credential: { kind: 'AccessKey', accessKeyId: plan.accessKeyId, secretAccessKey: new Secret(plan.secretAccessKey) },
  };
  const seen = await prober.run(
    {
      uid: randomUUID(),
      target,
      endpoint: plan.endpoint,
      mode: 'Full',
      urgent: true,
      appOrigin: plan.appOrigin,
      identity: name,
    },
    new AbortController().signal,
  );
  const applied = await kube.applyStatus<TeamStorage>(
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
  return seen?.requests ?? 0;
}
