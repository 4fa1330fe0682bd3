import { err, ok } from '../../base/result.ts';
import { denied, onAzureBlob, onGcs, onMinio, withSettings } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { objectsDeletable } from './objects-deletable.ts';

describeCheck(objectsDeletable, [
  {
    reason: 'ObjectsRetained',
    seen: withSettings({ retention: ok({ keeps: ['a default retention of 30 days (COMPLIANCE)'] }) }),
    says: ['30 days (COMPLIANCE)', 'The probe wrote nothing', 'put-object-lock-configuration --bucket acme-wandb'],
  },
  {
    reason: 'ObjectsRetained',
    seen: withSettings({ retention: ok({ keeps: ['a retention policy of 7 days', 'a default event-based hold'] }) }),
    context: onGcs,
    says: ['7 days and a default event-based hold', '--clear-retention-period --no-default-event-based-hold'],
  },
  {
    reason: 'ObjectsRetained',
    seen: withSettings({ retention: ok({ keeps: ['a legal hold'] }) }),
    context: onAzureBlob,
    says: ['legal-hold clear --account-name acmewandb --container-name omega-data'],
  },
  {
    reason: 'ObjectsRetained',
    seen: {
      ...withSettings({ retention: err(denied) }),
      read: ok({ intact: true, lock: { mode: 'GOVERNANCE', until: '2026-01-31T00:00:00.000Z', legalHold: true } }),
    },
    says: [
      'a retention until 2026-01-31T00:00:00.000Z (GOVERNANCE) and a legal hold',
      'no other is written',
      'a delete marker is enough',
      'put-object-lock-configuration --bucket acme-wandb',
    ],
  },
  {
    reason: 'ObjectsRetained',
    seen: {
      ...withSettings({ retention: ok({ keeps: [] }) }),
      read: ok({ intact: true, lock: { legalHold: true } }),
    },
    context: onAzureBlob,
    says: ['wrote to container omega-data', 'has a legal hold'],
  },
  {
    reason: 'SettingNotReadable',
    seen: withSettings({ retention: err(denied) }),
    says: ['(403 AccessDenied)', 'This needs s3:GetBucketObjectLockConfiguration, which W&B does not need'],
  },
  {
    reason: 'SettingNotOffered',
    seen: withSettings({ retention: err({ kind: 'NotImplemented', httpStatus: 501 }) }),
    context: onMinio,
    says: ['does not report', '(501)'],
  },
  {
    reason: 'NotObserved',
    seen: withSettings({ retention: err({ kind: 'ServiceUnavailable', httpStatus: 500 }) }),
    says: ['(500)'],
  },
]);
