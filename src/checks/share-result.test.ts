import { expect, it } from '@jest/globals';
import type { CheckResult } from './check.ts';
import { shareResult } from './share-result.ts';

const denied: CheckResult = { name: 'CanList', result: 'Fail', reason: 'ListDenied', message: 'No.', remedy: 'Grant.' };

it('keeps equal results once, whatever the order of their fields', () => {
  const sorted = Object.fromEntries(Object.entries(denied).sort()) as unknown as CheckResult;
  expect(shareResult(sorted)).toBe(shareResult({ ...denied }));
});

it.each<Partial<CheckResult>>([
  { name: 'CanWrite' },
  { result: 'Warn' },
  { reason: 'WriteDenied' },
  { message: 'Other.' },
  { remedy: 'Other.' },
  { message: 'No.Grant', remedy: '.' },
])('keeps another result apart: %j', (changes) => {
  shareResult(denied);
  expect(shareResult({ ...denied, ...changes })).toEqual({ ...denied, ...changes });
});
