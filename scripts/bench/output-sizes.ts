import { CONFIG_MAPS, SECRETS } from '../../src/api/resources.ts';
import type { World } from './environment.ts';
import type { RotationFloorPlan } from './floor/rotation-floor.ts';

/** Bytes of the data in the three outputs of the InstanceStorage `wandb`. */
export async function outputSizes({ kube }: World, namespace: string): Promise<RotationFloorPlan['sizes']> {
  const size = (data: Readonly<Record<string, string>> = {}, factor = 1): number =>
    Math.round(Object.values(data).reduce((sum, value) => sum + value.length, 0) * factor);
  const at = (name: string) => ({ namespace, name });
  const ledger = await kube.get(SECRETS, at('wandb-storage-ledger'));
  const secret = await kube.get(SECRETS, at('wandb-storage'));
  const configMap = await kube.get(CONFIG_MAPS, at('wandb-storage'));
  if (!ledger.ok || !secret.ok || !configMap.ok) throw new Error('an output is missing');
  return {
    ledger: size(ledger.value.data, 0.75),
    secret: size(secret.value.data, 0.75),
    configMap: size(configMap.value.data),
  };
}
