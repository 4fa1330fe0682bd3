import { expect, it } from '@jest/globals';
import { mergedOrder } from './list-order.ts';

it.each([
  ['', 'AB', 'AB'],
  ['AB', '', 'AB'],
  ['AB', 'BA', 'BA'],
  ['ABC', 'CA', 'BCA'],
  ['XA', 'AB', 'XAB'],
  ['AX', 'BA', 'BAX'],
  ['AXB', 'BCA', 'XBCA'],
])('lays %s under %s: %s', (live, applied, merged) => {
  expect(mergedOrder(Array.from(live), Array.from(applied)).join('')).toBe(merged);
});
