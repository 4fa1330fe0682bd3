import { expect, it } from '@jest/globals';
import { createSharing } from './sharing.ts';

it('returns the first of equal values, and others as they are', () => {
  const share = createSharing<{ readonly name: string; readonly message?: string }>();
  const first = share({ name: 'one', message: 'works' });
  expect(share({ name: 'one', message: 'works' })).toBe(first);
  expect(share({ name: 'one', message: 'fails' })).toEqual({ name: 'one', message: 'fails' });
  expect(share({ name: 'one' })).toEqual({ name: 'one' });
});

it('does not grow without limit', () => {
  const share = createSharing<{ readonly number: number }>();
  const first = share({ number: 0 });
  for (let number = 1; number <= 2_000; number += 1) share({ number });
  expect(share({ number: 0 })).not.toBe(first);
});
