import { expect, it } from '@jest/globals';
import { defined, without } from './defined.ts';

it('leaves out what is undefined, and nothing else', () => {
  expect(defined({ a: undefined, b: null, c: '', d: 0, e: false })).toEqual({ b: null, c: '', d: 0, e: false });
  expect(Object.keys(defined({ b: 1, a: undefined, c: 2 }))).toEqual(['b', 'c']);
});

it('leaves out the fields that are named', () => {
  const fields = { a: 1, b: 2, c: 3 };
  expect(without(fields, 'a', 'c')).toEqual({ b: 2 });
  expect(fields).toEqual({ a: 1, b: 2, c: 3 });
});
