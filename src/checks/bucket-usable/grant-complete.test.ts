import { err, ok } from '../../base/result.ts';
import {
  denied,
  goodObservations,
  onAzureBlob,
  onGcs,
  withSettings,
} from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { grantComplete } from './grant-complete.ts';

describeCheck(grantComplete, [
  {
    reason: 'GrantIncomplete',
    seen: withSettings({ probeVersions: err(denied), cors: err(denied), encryption: err({ kind: 'NotImplemented' }) }),
    says: [
      'has no s3:ListBucketVersions, s3:GetBucketCORS on bucket',
      '"Action":["s3:ListBucketVersions","s3:GetBucketCORS"]',
      '"arn:aws:s3:::acme-wandb/*"',
    ],
  },
  {
    reason: 'GrantIncomplete',
    seen: withSettings({ missingPermissions: ok(['storage.multipartUploads.abort']) }),
    context: onGcs,
    says: ['storage.multipartUploads.abort', '--role=roles/storage.admin'],
  },
  { reason: 'NotApplicable', seen: goodObservations(), context: onAzureBlob, says: ['account key'] },
]);
