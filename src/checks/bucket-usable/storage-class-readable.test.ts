import { ok } from '../../base/result.ts';
import { goodObservations, onGcs, withSettings } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { storageClassReadable } from './storage-class-readable.ts';

describeCheck(storageClassReadable, [
  {
    reason: 'ObjectsArchived',
    seen: goodObservations({ list: ok({ keys: 10, archived: 'DEEP_ARCHIVE' }) }),
    says: ['Objects in bucket acme-wandb/teams/omega', 'DEEP_ARCHIVE', 'restore'],
  },
  {
    reason: 'ObjectsArchived',
    seen: goodObservations({ read: ok({ intact: true, storageClass: 'GLACIER' }) }),
    says: ['New objects of', 'GLACIER'],
  },
  {
    reason: 'StorageClassCostly',
    seen: withSettings({ storageClass: ok({ name: 'COLDLINE' }) }),
    context: onGcs,
    says: ['COLDLINE', 'gs://acme-wandb --default-storage-class=STANDARD'],
  },
]);
