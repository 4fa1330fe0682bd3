import { contextOf, goodObservations, listFails, minio, s3 } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
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
