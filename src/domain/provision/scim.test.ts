import { expect, it } from '@jest/globals';
import { PROVIDERS } from '../bucket/providers.ts';
import { readBucket } from './scim.ts';

it.each(Object.values(PROVIDERS).map(({ scim }) => scim))('reads a bucket of %s', (provider) => {
  expect(readBucket({ name: 'acme', provider })).toEqual({ name: 'acme', provider });
});

it('reads no bucket of a provider that W&B does not document', () => {
  expect(readBucket({ name: 'acme', provider: 'S3' })).toBeUndefined();
});
