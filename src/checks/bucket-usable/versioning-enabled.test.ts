import { err, ok } from '../../base/result.ts';
import {
  denied,
  goodObservations,
  goodSettings,
  onAzureBlob,
  onGcs,
  onMinio,
  withSettings,
} from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { versioningEnabled } from './versioning-enabled.ts';

const PROBES = 'teams/omega/.wandb-storage-probe/';

describeCheck(versioningEnabled, [
  {
    reason: 'VersioningDisabled',
    seen: withSettings({ versioning: ok({ enabled: false }) }),
    says: ['GORILLA_ARTIFACT_GC_ENABLED', 'put-bucket-versioning --bucket acme-wandb'],
  },
  {
    reason: 'VersioningDisabled',
    seen: withSettings({ versioning: ok({ enabled: false }) }),
    context: onMinio,
    says: ['mc version enable <alias>/omega-data'],
  },
  {
    reason: 'VersioningDisabled',
    seen: withSettings({ softDelete: ok({ enabled: false }) }),
    context: onAzureBlob,
    says: ['no soft delete', '--enable-delete-retention true'],
  },
  {
    reason: 'Passed',
    seen: goodObservations({
      settings: { ...goodSettings, softDelete: ok({ enabled: false }) },
      write: ok({ conditional: true, versionId: '2026-11-25T07:00:00Z' }),
    }),
    context: onAzureBlob,
    says: [],
  },
  {
    reason: 'Passed',
    seen: withSettings({ lifecycle: err(denied), probeVersions: ok({ count: 12, truncated: false }) }),
    says: ['(12 so far)', `"Filter":{"Prefix":"${PROBES}"}`, 'put-bucket-lifecycle-configuration'],
  },
  {
    reason: 'Passed',
    seen: withSettings({ probeVersions: ok({ count: 50, truncated: true }) }),
    context: onMinio,
    says: ['(50 or more so far)', 'mc ilm rule add --prefix ".wandb-storage-probe/" --noncurrent-expire-days 1'],
  },
  {
    reason: 'SoftDeleteDisabled',
    seen: withSettings({ softDelete: ok({ enabled: false }) }),
    context: onGcs,
    says: ['"Bucket does not have soft deletion enabled"', 'gs://acme-wandb --soft-delete-duration=7d'],
  },
  {
    reason: 'BucketSettingsDenied',
    seen: withSettings({ softDelete: err({ ...denied, providerCode: 'forbidden' }) }),
    context: onGcs,
    says: ['(403 forbidden)', 'storage.buckets.get', '--role=roles/storage.admin'],
  },
  {
    reason: 'StoreUnavailable',
    seen: withSettings({ softDelete: err({ kind: 'ServiceUnavailable', httpStatus: 503 }) }),
    context: onGcs,
    says: ['Reading the settings failed', '(503)'],
  },
  {
    reason: 'SettingNotReadable',
    seen: withSettings({ versioning: err(denied) }),
    says: ['s3:GetBucketVersioning', 'aws s3api get-bucket-versioning --bucket acme-wandb'],
  },
  {
    reason: 'SettingNotOffered',
    seen: withSettings({ versioning: err({ kind: 'NotImplemented', httpStatus: 501 }) }),
    context: onMinio,
    says: ['versioning and soft delete', '(501)'],
  },
]);
