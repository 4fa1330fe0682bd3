import { expect, it } from '@jest/globals';
import { instanceObject } from '../../../test/support/fakes/publishing-world.ts';
import type { InstanceStorage } from '../../api/resources.ts';
import { createDeclaredInstances } from './declared-instances.ts';

const wandb = instanceObject('wandb');
const lab = instanceObject('lab');

/** The instances as declared before and after the list of the cache is another one. */
function around(now: readonly InstanceStorage[]) {
  let list: readonly InstanceStorage[] = [wandb, lab];
  const declaredIn = createDeclaredInstances({ list: () => list });
  const before = declaredIn('ns');
  list = now;
  return { before, after: declaredIn('ns') };
}

it.each<[string, readonly InstanceStorage[]]>([
  ['nothing is another', [wandb, lab]],
  [
    'a status was written',
    [{ ...wandb, status: { teams: { total: 1, ready: 1, published: 1, sharing: 0, retained: 0 } } }, lab],
  ],
  [
    'a status was written, of an object that was parsed anew',
    [
      lab,
      {
        ...(JSON.parse(JSON.stringify(wandb)) as InstanceStorage),
        metadata: { ...wandb.metadata, resourceVersion: '7' },
        status: {},
      },
    ],
  ],
  ['the order is another', [lab, wandb]],
])('is the same list while %s', (_, now) => {
  const { before, after } = around(now);
  expect(after).toBe(before);
});

it.each<[string, readonly InstanceStorage[]]>([
  ['an instance went', [wandb]],
  ['an instance came', [wandb, lab, instanceObject('third')]],
  ['one went and another one came', [wandb, instanceObject('third')]],
  ['a spec was edited', [instanceObject('wandb', { suspend: true }), lab]],
  ['an instance was created again', [instanceObject('wandb', {}, { uid: 'another' }), lab]],
  ['an instance is older', [instanceObject('wandb', {}, { creationTimestamp: '2025-01-01T00:00:00Z' }), lab]],
])('is the present list once %s', (_, now) => {
  const { before, after } = around(now);
  expect(after).not.toBe(before);
  expect(after).toEqual(now);
});

it('keeps an instance that is the same when another one was edited', () => {
  const { after } = around([instanceObject('lab', { suspend: true }), { ...wandb, status: {} }]);
  expect(after[1]).toBe(wandb);
});
