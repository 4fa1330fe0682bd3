import { err, ok } from '../../base/result.ts';
import { denied, goodObservations } from '../../../test/support/fakes/observations.ts';
import { onAzure, onGcp } from '../../../test/support/fakes/sign-ins.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { canRead } from './can-read.ts';

describeCheck(canRead, [
  {
    reason: 'ReadDenied',
    seen: goodObservations({ read: err(denied) }),
    says: ['may not read', '"s3:GetObject"'],
  },
  {
    reason: 'ReadBackMissing',
    seen: goodObservations({ read: err({ kind: 'ObjectNotFound', httpStatus: 404, providerCode: 'NoSuchKey' }) }),
    says: ['is not there (404 NoSuchKey)'],
  },
  {
    reason: 'ReadBackDiffers',
    seen: goodObservations({ read: ok({ intact: false }) }),
    says: ['other bytes'],
  },
  {
    reason: 'ObjectArchived',
    seen: goodObservations({
      read: err({ kind: 'ObjectArchived', httpStatus: 403, providerCode: 'InvalidObjectState' }),
    }),
    says: ['archived', '(403 InvalidObjectState)'],
  },
  {
    reason: 'ReadDenied',
    seen: goodObservations({ read: err(denied) }),
    context: onGcp(),
    says: [
      '--member=principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/system:',
    ],
  },
  {
    reason: 'ReadDenied',
    seen: goodObservations({ read: err(denied) }),
    context: onAzure,
    says: ['Client client-1 of tenant tenant-1', '"Storage Blob Data Contributor" --assignee client-1'],
  },
]);
