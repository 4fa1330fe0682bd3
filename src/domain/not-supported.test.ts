import { expect, it } from '@jest/globals';
import type { InstanceStorage } from '../api/resources.ts';
import { deliveryConditions } from './not-supported.ts';

const instance = (spec: Partial<InstanceStorage['spec']>): InstanceStorage => ({
  apiVersion: 'storage.wandb.com/v1alpha1',
  kind: 'InstanceStorage',
  metadata: { name: 'wandb' },
  spec: { deployment: { type: 'SelfManaged', cloud: 'OnPremises' }, ...spec },
});

it('reports that a delivery is not made', () => {
  expect(deliveryConditions(instance({ delivery: {} }))).toMatchObject([{ type: 'Delivered', status: 'Unknown' }]);
  expect(deliveryConditions(instance({}))).toEqual([]);
});
