import { expect, it } from '@jest/globals';
import { createSharing, createTextSharing, shareTextsIn } from './sharing.ts';

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

it('replaces each text in a value, and changes nothing else', () => {
  const seen: string[] = [];
  const share = (text: string): string => {
    seen.push(text);
    return text.toUpperCase();
  };
  const value = JSON.parse('{"a":"x","b":[1,"y",{"c":"z","d":null}],"e":true}') as unknown;
  shareTextsIn(value, share);
  expect(value).toEqual({ a: 'X', b: [1, 'Y', { c: 'Z', d: null }], e: true });
  expect(seen).toEqual(['x', 'y', 'z']);
});

it('gives back each text as it is, however many and long they are', () => {
  const share = createTextSharing();
  const texts = [...Array.from({ length: 5_000 }, (_, index) => `team ${String(index)}`), 'x'.repeat(10_000), ''];
  expect([...texts, ...texts].map(share)).toEqual([...texts, ...texts]);
});
