import { expect, it } from '@jest/globals';
import { instanceObject } from '../../../test/support/fakes/publishing-world.ts';
import { deliveryWinner } from './delivery-rivals.ts';

const old = instanceObject('old', {}, { creationTimestamp: '2026-01-01T00:00:00Z' });
const young = instanceObject('young', {}, { creationTimestamp: '2026-02-01T00:00:00Z' });
const twin = instanceObject('aaa', {}, { creationTimestamp: '2026-02-01T00:00:00Z' });

const winner = (rivals: readonly (typeof old)[], holder?: string): string | undefined =>
  deliveryWinner(rivals, (name) => name === holder)?.metadata.name;

it('configures a WeightsAndBiases from the instance that owns fields of it already', () => {
  expect(winner([old, young], 'young')).toBe('young');
  expect(winner([young, old], 'young')).toBe('young');
});

it('else from the oldest, and from the first by name of two of the same second', () => {
  expect(winner([young, old])).toBe('old');
  expect(winner([old, young])).toBe('old');
  expect(winner([young, twin])).toBe('aaa');
  expect(winner([twin, young])).toBe('aaa');
});

it('from none where none names it', () => {
  expect(winner([])).toBeUndefined();
});
