import { describe, expect, it } from '@jest/globals';
import { failed, passed, skipped, unknown, warned } from './judgement.ts';

describe('texts that are longer than the status allows', () => {
  it.each([
    [1999, 1999, 'a'],
    [2000, 2000, 'a'],
    [2001, 2000, '…'],
    [5000, 2000, '…'],
  ])('are cut: %d characters', (length, kept, last) => {
    const text = 'a'.repeat(length);
    const texts = [
      passed(text),
      warned('CanList', text, text),
      failed('CanList', text, text),
      unknown('CanList', text),
      skipped('Ignored', text),
    ].flatMap(({ message, remedy }) => [message, remedy].filter((one) => one !== undefined));
    expect(texts.map((one) => [one.length, one.at(-1)])).toEqual(Array(7).fill([kept, last]));
  });
});

it('says nothing where nothing is to be said', () => {
  expect(passed()).toEqual({ result: 'Pass', reason: 'Passed' });
});
