import { expect, it } from '@jest/globals';
import { startProbing } from '../../test/support/fakes/probing.ts';
import { err, ok } from '../base/result.ts';

/** A bucket of AWS that answers without a signature, or not, and says by its rules for whom. */
function bucketWith(isPublic: boolean | 'denied') {
  const probing = startProbing();
  const client = probing.store.client();
  let asked = 0;
  probing.store.client = () => ({
    ...client,
    isPublicByRules: () => {
      asked += 1;
      return Promise.resolve(
        isPublic === 'denied' ? err({ kind: 'AccessDenied', httpStatus: 403 } as const) : ok({ isPublic }),
      );
    },
  });
  return { ...probing, asked: () => asked };
}

it.each([
  ['open to one network, by rules that AWS does not call public', false, 'PublicWithinNetwork'],
  ['open to everybody', true, 'BucketPublic'],
  ['open, with rules that the credential may not read', 'denied', 'BucketPublic'],
] as const)('a bucket that answers without a signature is %s', async (_, isPublic, reason) => {
  const { store, probe, reasons, asked } = bucketWith(isPublic);
  store.isPublic = true;
  expect(reasons(await probe())).toEqual({ NotPublic: reason });
  expect(asked()).toBe(1);
});

it('a bucket that refuses what is not signed is not asked for its rules', async () => {
  const { probe, reasons, asked } = bucketWith(true);
  expect(reasons(await probe())).toEqual({});
  expect(asked()).toBe(0);
});
