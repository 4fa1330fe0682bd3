import { expect, it } from '@jest/globals';
import { RequestedBuckets } from './requested-buckets.ts';
import type { ClaimKey } from './world.ts';

const a: ClaimKey = { kind: 'TeamStorage', namespace: 'ns', name: 'a' };
const b: ClaimKey = { kind: 'TeamStorage', namespace: 'ns', name: 'b' };
const on = (requested: RequestedBuckets, bucket: string): readonly string[] => [...requested.on(bucket).keys()];

it('knows the claims that ask for each bucket', () => {
  const requested = new RequestedBuckets();
  requested.set('a', a, 'one');
  requested.set('b', b, 'one');
  expect([...requested.on('one')]).toEqual([
    ['a', a],
    ['b', b],
  ]);
  expect(on(requested, 'two')).toEqual([]);
});

it('moves a claim that asks for another bucket, and forgets one that asks for none', () => {
  const requested = new RequestedBuckets();
  requested.set('a', a, 'one');
  requested.set('b', b, 'one');
  requested.set('a', a, 'two');
  expect([on(requested, 'one'), on(requested, 'two')]).toEqual([['b'], ['a']]);

  requested.set('a', a, undefined);
  requested.set('a', a, undefined);
  expect([on(requested, 'one'), on(requested, 'two')]).toEqual([['b'], []]);

  requested.set('a', a, 'one');
  expect(on(requested, 'one')).toEqual(['b', 'a']);
});
