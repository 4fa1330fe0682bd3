/**
 * The floor of `converge`: a process that does only the necessary requests, by a bare HTTP client and signatures of a
 * few lines, and none of the operator's code. For each team it sends what the operator sent for one team, and applies
 * one status after it.
 */
import { readFileSync } from 'node:fs';
import type { RecordedRequest } from '../recorded-request.ts';
import { createBareKube, type BareAccount } from './bare-kube.ts';
import { createReplay } from './replay.ts';
import type { StoreKey } from './signature.ts';

/** The input of the process, as a file. */
export interface FloorPlan {
  readonly account: BareAccount;
  readonly namespace: string;
  /** Of the store. */
  readonly endpoint: string;
  readonly key: StoreKey;
  /** What the first team of a bucket costs. */
  readonly first: readonly RecordedRequest[];
  /** What each other team of it costs. */
  readonly next: readonly RecordedRequest[];
  readonly teams: readonly { readonly name: string; readonly bucket: string; readonly path: string }[];
  /** The status that is applied to each: one that the operator wrote, so that its size is realistic. */
  readonly status: object;
  /** Teams at a time. */
  readonly atOnce: number;
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FloorPlan;
const replay = createReplay(plan.endpoint);
const kube = createBareKube(plan.account);
const seen = new Set<string>();
let requests = 0;

const left = plan.teams[Symbol.iterator]();
await Promise.all(
  Array.from({ length: plan.atOnce }, async () => {
    for (const team of left) await once(team);
  }),
);
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ requests, cpuSeconds: (user + system) / 1e6 }));
await Promise.all([replay.close(), kube.close()]);

async function once({ name, bucket, path }: FloorPlan['teams'][number]): Promise<void> {
  const sent = seen.has(bucket) ? plan.next : plan.first;
  seen.add(bucket);
  await replay.send(sent, { bucket, path, key: plan.key });
  requests += sent.length;
  const metadata = { name, namespace: plan.namespace };
  await kube.apply(`/apis/storage.wandb.com/v1alpha1/namespaces/${plan.namespace}/teamstorages/${name}/status`, {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata,
    status: plan.status,
  });
}
