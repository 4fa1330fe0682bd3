import { err, ok } from '../../base/result.ts';
import { contextOf, denied, goodObservations, onMinio, s3 } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { ownerMatches } from './owner-matches.ts';

const withOwner = contextOf({ storage: { ...s3, expectedBucketOwner: '111122223333' } });

describeCheck(ownerMatches, [
  {
    reason: 'BucketOwnerMismatch',
    seen: goodObservations({ owner: err(denied) }),
    context: withOwner,
    says: ['account 111122223333', 'spec.bucket.s3.expectedBucketOwner', 'Nothing was written'],
  },
  {
    reason: 'Passed',
    seen: goodObservations({ owner: ok(undefined) }),
    context: withOwner,
    says: [],
  },
  {
    reason: 'NotApplicable',
    seen: goodObservations(),
    says: ['spec.bucket.s3.expectedBucketOwner'],
  },
  {
    reason: 'NotApplicable',
    seen: goodObservations(),
    context: onMinio,
    says: ['Only buckets of AWS'],
  },
]);
