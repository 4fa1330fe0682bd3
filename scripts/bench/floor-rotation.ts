/**
 * The floor of a rotation: one probe with the new key, and then three applies of
 * the operator's sizes (ledger, Secret, ConfigMap), one after the other, while
 * nothing else runs. It is bundled like the operator.
 */
import { readFileSync } from 'node:fs';
import { CONFIG_MAPS, SECRETS } from '../../src/api/resources.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { createBare, type BareKey } from './minimal-operator.ts';

/** The input of the process, as a file. */
export interface RotationFloorPlan {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly endpoint: string;
  readonly appOrigin: string;
  readonly bucket: string;
  readonly keys: readonly BareKey[];
  readonly rotations: number;
  /** Bytes of data of each output. */
  readonly sizes: { readonly ledger: number; readonly secret: number; readonly configMap: number };
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RotationFloorPlan;
const bare = createBare(plan);
const milliseconds: number[] = [];
for (let index = 0; index < plan.rotations; index += 1) milliseconds.push(await once(index));
console.log(JSON.stringify(milliseconds));
await bare.close();

async function once(index: number): Promise<number> {
  const key = plan.keys[index % plan.keys.length];
  if (key === undefined) throw new Error('no key');
  const began = performance.now();
  await bare.probe({ name: 'floor', bucket: plan.bucket, path: '', key });
  await apply('Secret', 'floor-ledger', plan.sizes.ledger, index);
  await apply('Secret', 'floor-storage', plan.sizes.secret, index);
  await apply('ConfigMap', 'floor-storage', plan.sizes.configMap, index);
  return performance.now() - began;
}

async function apply(kind: 'Secret' | 'ConfigMap', name: string, bytes: number, index: number): Promise<void> {
  const text = String(index % 10).repeat(bytes);
  const value = kind === 'Secret' ? Buffer.from(text).toString('base64') : text;
  const applied = await bare.kube.apply<KubeObject>(
    kind === 'Secret' ? SECRETS : CONFIG_MAPS,
    { apiVersion: 'v1', kind, metadata: { name, namespace: plan.namespace }, ...{ data: { value } } },
    { fieldManager: 'byob-operator', force: true },
  );
  if (!applied.ok) throw new Error(`${kind} ${name}: ${JSON.stringify(applied.error)}`);
}
