import { expect, it } from '@jest/globals';
import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import { deliveryConditions, notSupported } from './not-supported.ts';

const team = (spec: Partial<TeamStorage['spec']>): TeamStorage => ({
  apiVersion: 'storage.wandb.com/v1alpha1',
  kind: 'TeamStorage',
  metadata: { name: 'omega' },
  spec: { team: 'omega', ...spec },
});
const instance = (spec: Partial<InstanceStorage['spec']>): InstanceStorage => ({
  apiVersion: 'storage.wandb.com/v1alpha1',
  kind: 'InstanceStorage',
  metadata: { name: 'wandb' },
  spec: { deployment: { type: 'SelfManaged', cloud: 'OnPremises' }, ...spec },
});
const credentialsFrom = { s3: { accessKey: { secretRef: { name: 'prover' } } } };

it.each([
  ['credentialsFrom', team({ validation: { credentialsFrom } }), 'CredentialsNotSupported'],
  ['credentialsFrom', instance({ validation: { credentialsFrom } }), 'CredentialsNotSupported'],
])('refuses %s, which Ready could not vouch for', (_field, object, reason) => {
  expect(notSupported(object)).toMatchObject({ reason, failureClass: 'spec' });
});

it('takes everything else', () => {
  expect(notSupported(team({ isolation: 'Required' }))).toBeUndefined();
  expect(notSupported(instance({ delivery: {} }))).toBeUndefined();
});

it('reports that a delivery is not made', () => {
  expect(deliveryConditions(instance({ delivery: {} }))).toMatchObject([{ type: 'Delivered', status: 'Unknown' }]);
  expect(deliveryConditions(instance({}))).toEqual([]);
});
