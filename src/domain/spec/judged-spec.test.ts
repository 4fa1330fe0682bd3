import { expect, it } from '@jest/globals';
import { judgedSpec } from './judged-spec.ts';

const SPEC = {
  team: 'omega',
  bucket: { provider: 'S3', name: 'omega' },
  validation: { ignore: ['CanList', 'CanRead'] },
};

it.each<[string, object, boolean]>([
  ['the same', SPEC, true],
  [
    'the same in another order',
    { validation: SPEC.validation, bucket: { name: 'omega', provider: 'S3' }, team: 'omega' },
    true,
  ],
  ['suspended', { ...SPEC, suspend: true }, true],
  ['with another deletion policy', { ...SPEC, deletionPolicy: 'Remove' }, true],
  ['with another bucket', { ...SPEC, bucket: { provider: 'S3', name: 'other' } }, false],
  ['with a list in another order', { ...SPEC, validation: { ignore: ['CanRead', 'CanList'] } }, false],
  ['with another field', { ...SPEC, isolation: 'Required' }, false],
])('a spec that is %s', (_what, spec, same) => {
  expect(judgedSpec(spec) === judgedSpec(SPEC)).toBe(same);
  expect(judgedSpec(spec)).toMatch(/^[0-9a-f]{32}$/);
});
