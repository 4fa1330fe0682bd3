import { expect, it } from '@jest/globals';
import { hasEvidence, NO_EVIDENCE, type RemovalEvidence } from './removal-evidence.ts';

it.each<[string, Partial<RemovalEvidence>, boolean]>([
  ['nothing', {}, false],
  ['an object that is gone', { gone: new Set(['a']) }, true],
  ['an object that was seen', { confirmed: new Set(['a']) }, true],
  ['a kind that is not served', { unserved: new Set(['TeamStorage']) }, true],
  ['one of each', { gone: new Set(['a']), confirmed: new Set(['b']), unserved: new Set(['TeamStorage']) }, true],
])('evidence of %s counts: %s', (_, changes, isThere) => {
  expect(hasEvidence({ ...NO_EVIDENCE, ...changes })).toBe(isThere);
});
