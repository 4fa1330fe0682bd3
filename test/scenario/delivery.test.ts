import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findCondition } from '../../src/domain/conditions.ts';
import { applySecret, applyStorage, getStorage, minioBucket, rootKey, untilStorage } from '../beds/objects.ts';
import { startOperator, type OperatorProcess } from '../beds/operator.ts';
import { newBucket, newNamespace, sharedBeds } from '../beds/shared.ts';
import { until } from '../beds/until.ts';
import { applyWandb, getWandb, installWeightsAndBiases, managersOf } from '../beds/weights-and-biases.ts';

const DEPLOYMENT = { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' };
let namespace = '';
let operator: OperatorProcess;
let bucket = '';
const instance = () => ({ namespace, kind: 'InstanceStorage', name: 'wandb' }) as const;

beforeAll(async () => {
  await installWeightsAndBiases();
  namespace = await newNamespace('delivery');
  bucket = await newBucket('instance');
  await applySecret(namespace, 'root', rootKey(sharedBeds().minio));
  operator = await startOperator(namespace);
});

afterAll(async () => {
  await operator.stop();
});

async function configure(delivery: object | undefined): Promise<void> {
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: DEPLOYMENT,
    bucket: minioBucket(sharedBeds().minio, bucket, 'root'),
    ...(delivery !== undefined && { delivery }),
  });
}

async function untilDelivered(reason: string): Promise<string> {
  let said = '';
  await until(`Delivered is ${reason}`, async () => {
    const object = await getStorage(namespace, 'InstanceStorage', 'wandb');
    const condition = findCondition(object.status?.conditions ?? [], 'Delivered');
    said = `${condition?.reason ?? ''}: ${condition?.message ?? ''}`;
    return condition?.reason === reason;
  }).catch((error: unknown) => {
    throw new Error(`Delivered is not ${reason} but ${said}`, { cause: error });
  });
  return said;
}

describe('a WeightsAndBiases of v1, on the real API server', () => {
  it('takes bucket and file stores, and keeps what others own', async () => {
    const values = { global: { host: 'https://wandb.example.com', env: { HTTP_PROXY: 'http://proxy' } } };
    await applyWandb(namespace, { version: 'v1', name: 'first' }, { chart: { version: '0.1' }, values });
    await configure({ weightsAndBiases: { name: 'first' } });
    await untilStorage(instance(), { ready: 'True' });
    await untilDelivered('Delivered');
    const object = await getWandb(namespace, 'v1', 'first');
    console.log(JSON.stringify(object, null, 1));
    expect(managersOf(object)).toEqual(['byob-operator/wandb', 'gitops']);
  });
});
