import { expect, it } from '@jest/globals';
import { codeOf } from './wording.ts';

it.each([
  [{ httpStatus: 403, providerCode: 'AccessDenied' }, ' (403 AccessDenied)'],
  [{ httpStatus: 403 }, ' (403)'],
  [{ providerCode: 'ECONNREFUSED' }, ' (ECONNREFUSED)'],
  [{}, ''],
])('shows what is known of a code: %j', (failure, code) => {
  expect(codeOf(failure)).toBe(code);
});
