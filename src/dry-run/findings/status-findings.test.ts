import { expect, it } from '@jest/globals';
import type { InstanceStorage } from '../../api/resources.ts';
import { notJudged } from './not-judged.ts';
import { statusFindings } from './status-findings.ts';

const since = '2026-11-28T00:00:00Z';
const instance = {
  ...{
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'InstanceStorage',
    metadata: { name: 'wandb', namespace: 'wandb' },
  },
  spec: { deployment: { type: 'SelfManaged', cloud: 'OnPremises' }, delivery: { weightsAndBiases: { name: 'wandb' } } },
  status: {
    conditions: [
      {
        type: 'Delivered',
        status: 'False',
        reason: 'FieldConflict',
        message: 'A conflict.',
        lastTransitionTime: since,
      },
    ],
  },
} as unknown as InstanceStorage;

it('a status of a cluster says what the server runs with', () => {
  expect(statusFindings(instance, { isLive: true, hasCluster: true })).toEqual([
    { check: 'Delivered', result: 'Warn', reason: 'FieldConflict', message: 'A conflict.', advisory: true },
  ]);
});

it('a dry run leaves to the operator what the spec asks of a running server', () => {
  expect(notJudged(instance).map(({ check, result }) => [check, result])).toEqual([
    ['Delivered', 'Skip'],
    ['RolledOut', 'Skip'],
  ]);
  const without = { ...instance, spec: { ...instance.spec, delivery: undefined } } as unknown as InstanceStorage;
  expect(notJudged(without)).toEqual([]);
});
