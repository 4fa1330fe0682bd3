import { isDeepStrictEqual } from '../base/deep-equal.ts';
import { expect, it } from '@jest/globals';
import { ObservableMap } from './observable-map.ts';

function recorded() {
  const map = new ObservableMap<string, { readonly n: number }>(isDeepStrictEqual);
  const changes: (readonly string[])[] = [];
  map.onChange((keys) => changes.push(keys));
  return { map, changes };
}

it('reports the keys whose values are others now, once for each write, and none where nothing changed', () => {
  const { map, changes } = recorded();
  map.set([['a', { n: 1 }]]);
  map.set([
    ['a', { n: 1 }],
    ['b', { n: 2 }],
    ['c', undefined],
  ]);
  map.set([['a', undefined]]);
  map.set([['b', { n: 2 }]]);
  expect(changes).toEqual([['a'], ['b'], ['a']]);
  expect([map.get('a'), map.get('b')]).toEqual([undefined, { n: 2 }]);
});

it('replaces its content: what is not in the new one is gone, and what is equal is no change', () => {
  const { map, changes } = recorded();
  map.set([
    ['a', { n: 1 }],
    ['b', { n: 2 }],
  ]);
  map.replace([
    ['b', { n: 2 }],
    ['c', { n: 3 }],
  ]);
  expect(changes.slice(1)).toEqual([['a', 'c']]);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, { n: 2 }, { n: 3 }]);
});
