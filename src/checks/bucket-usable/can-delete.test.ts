import { err, ok } from '../../base/result.ts';
import { denied, goodObservations, onAzureBlob, onGcs, onMinio } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { canDelete } from './can-delete.ts';

describeCheck(canDelete, [
  {
    reason: 'DeleteDenied',
    seen: goodObservations({ delete: err(denied) }),
    says: ['garbage collection', '"s3:DeleteObject"'],
  },
  {
    reason: 'DeleteHadNoEffect',
    seen: goodObservations({ delete: ok({ gone: false }) }),
    says: ['still there', 'object lock'],
  },
  {
    reason: 'ObjectsRetained',
    seen: goodObservations({
      delete: err({ kind: 'ObjectRetained', httpStatus: 409, providerCode: 'BlobImmutableDueToPolicy' }),
    }),
    context: onAzureBlob,
    says: ['(409 BlobImmutableDueToPolicy)', 'immutability-policy delete --account-name acmewandb'],
  },
  {
    reason: 'ObjectsRetained',
    seen: goodObservations({
      delete: err({ kind: 'ObjectRetained', httpStatus: 403, providerCode: 'retentionPolicyNotMet' }),
    }),
    context: onGcs,
    says: ['(403 retentionPolicyNotMet)', 'Retention or a hold', '--clear-retention-period'],
  },
  {
    reason: 'ObjectsRetained',
    seen: goodObservations({
      delete: err({ kind: 'ObjectRetained', httpStatus: 403, providerCode: 'ObjectLockedByBucketPolicy' }),
    }),
    context: onMinio,
    says: ['(403 ObjectLockedByBucketPolicy)', 'the rule that locks objects'],
  },
]);
