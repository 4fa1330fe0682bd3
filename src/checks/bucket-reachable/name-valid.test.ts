import { expect, it } from '@jest/globals';
import { contextOf, gcs, goodObservations, listFails, minio, s3 } from '../../../test/support/fakes/observations.ts';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { judgeAll } from '../judge.ts';
import { nameValid } from './name-valid.ts';

describeCheck(nameValid, [
  { reason: 'Passed', seen: goodObservations(), says: [] },
  // The store decides about its names.
  {
    reason: 'Passed',
    seen: goodObservations(),
    context: contextOf({ storage: { ...minio, name: 'Omega_Data' } }),
    says: [],
  },
  {
    reason: 'BucketNameInvalid',
    seen: listFails({ kind: 'BucketNameInvalid', httpStatus: 400, providerCode: 'InvalidBucketName' }),
    context: contextOf({ storage: { ...minio, name: 'Omega_Data' } }),
    says: ['the store refuses it'],
  },
  {
    reason: 'BucketNameInvalid',
    seen: { mode: 'Full', requests: 0 },
    context: contextOf({ storage: { ...s3, name: 'Acme_Data' } }),
    says: ['"Acme_Data"', 'lower-case', 'spec.bucket.name'],
  },
  {
    reason: 'BucketNameNeedsWildcard',
    seen: goodObservations(),
    context: contextOf({ storage: { ...s3, name: 'acme.wandb' } }),
    says: ['acme.wandb', 'dot'],
  },
]);

const http = { ...minio.endpoint, scheme: 'http' } as const;

it.each<readonly [what: string, storage: BucketStorage, reason: string]>([
  ['AWS', { ...s3, name: 'acme.wandb' }, 'BucketNameNeedsWildcard'],
  [
    'CoreWeave',
    { provider: 'CoreWeave', name: 'acme.wandb', path: '', credentials: s3.credentials },
    'BucketNameNeedsWildcard',
  ],
  ['Google Cloud', { ...gcs, name: 'acme.wandb' }, 'Passed'],
  ['a store with buckets in the path', { ...minio, name: 'acme.wandb' }, 'Passed'],
  [
    'a store with buckets in the host',
    { ...minio, name: 'acme.wandb', addressing: 'VirtualHosted' },
    'BucketNameNeedsWildcard',
  ],
  ['the same without TLS', { ...minio, name: 'acme.wandb', addressing: 'VirtualHosted', endpoint: http }, 'Passed'],
])('takes a name with a dot, or warns: %s', (_, storage, reason) => {
  const verdicts = judgeAll(goodObservations(), contextOf({ storage }), { ignore: [] });
  expect(verdicts.find(({ name }) => name === 'NameValid')?.reason).toBe(reason);
});
