/**
 * The floor of `rotation`: what the operator sends to the store for one team, and then three applies of the operator's
 * sizes (ledger, Secret, ConfigMap), one after the other, while nothing else runs; by a bare HTTP client.
 */
import { readFileSync } from 'node:fs';
import type { RecordedRequest } from '../recorded-request.ts';
import { createBareKube, type BareAccount } from './bare-kube.ts';
import { createReplay } from './replay.ts';
import type { StoreKey } from './signature.ts';

/** The input of the process, as a file. */
export interface RotationFloorPlan {
  readonly account: BareAccount;
  readonly namespace: string;
  /** Of the store. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly requests: readonly RecordedRequest[];
  readonly keys: readonly StoreKey[];
  readonly rotations: number;
  /** Bytes of data of each output. */
  readonly sizes: { readonly ledger: number; readonly secret: number; readonly configMap: number };
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RotationFloorPlan;
const replay = createReplay(plan.endpoint);
const kube = createBareKube(plan.account);
const milliseconds: number[] = [];
for (let index = 0; index < plan.rotations; index += 1) milliseconds.push(await once(index));
console.log(JSON.stringify(milliseconds));
await Promise.all([replay.close(), kube.close()]);

async function once(index: number): Promise<number> {
  const key = plan.keys[index % plan.keys.length];
  if (key === undefined) throw new Error('no key');
  const began = performance.now();
  await replay.send(plan.requests, { bucket: plan.bucket, path: 'floor', key });
  await apply('Secret', 'floor-ledger', plan.sizes.ledger, index);
  await apply('Secret', 'floor-storage', plan.sizes.secret, index);
  await apply('ConfigMap', 'floor-storage', plan.sizes.configMap, index);
  return performance.now() - began;
}

async function apply(kind: 'Secret' | 'ConfigMap', name: string, bytes: number, index: number): Promise<void> {
  const text = String(index % 10).repeat(bytes);
  const value = kind === 'Secret' ? Buffer.from(text).toString('base64') : text;
  const { namespace } = plan;
  await kube.apply(`/api/v1/namespaces/${namespace}/${kind === 'Secret' ? 'secrets' : 'configmaps'}/${name}`, {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace },
    data: { value },
  });
}
