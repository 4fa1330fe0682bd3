import type { LifecycleRule } from '../../domain/observations/bucket-settings.ts';
import type { SettingsSeen } from '../../domain/observations/bucket-settings.ts';
import { err, ok } from '../../base/result.ts';
import {
  denied,
  goodObservations,
  onAzureBlob,
  onGcs,
  onMinio,
  withSettings,
} from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { lifecycleSafe } from './lifecycle-safe.ts';

const PROBES = 'teams/omega/.wandb-storage-probe/';

function rule(changes: Partial<LifecycleRule>): SettingsSeen {
  return {
    lifecycle: ok([{ name: '"tidy"', prefixes: [], deletes: false, expiresVersions: false, ...changes }]),
  };
}

describeCheck(lifecycleSafe, [
  {
    reason: 'LifecycleDeletes',
    seen: withSettings(rule({ deletes: true })),
    says: ['lifecycle rule "tidy" that deletes', 'get-bucket-lifecycle-configuration --bucket acme-wandb'],
  },
  {
    reason: 'LifecycleDeletes',
    seen: withSettings(rule({ deletes: true, prefixes: ['teams/'] })),
    context: onGcs,
    says: ['"tidy"', 'gcloud storage buckets describe gs://acme-wandb'],
  },
  {
    reason: 'LifecycleDeletes',
    seen: withSettings(rule({ deletes: true, prefixes: ['teams/omega/media/'] })),
    says: ['"tidy"'],
  },
  {
    reason: 'Passed',
    seen: withSettings(rule({ deletes: true, prefixes: ['teams/kappa/', 'tmp/'] })),
    says: [],
  },
  {
    // The rule that we ask for ourselves.
    reason: 'Passed',
    seen: withSettings(rule({ deletes: true, prefixes: [PROBES] })),
    says: [],
  },
  {
    reason: 'LifecycleArchives',
    seen: withSettings(rule({ archivesTo: 'GLACIER' })),
    context: onMinio,
    says: ['moves objects there to GLACIER', 'mc ilm rule ls <alias>/omega-data'],
  },
  {
    reason: 'SettingNotReadable',
    seen: withSettings({ lifecycle: err(denied) }),
    says: ['This needs s3:GetLifecycleConfiguration, which W&B does not need'],
  },
  {
    reason: 'SettingNotReadable',
    seen: goodObservations({ settings: { retention: ok({ keeps: [] }) } }),
    context: onAzureBlob,
    says: ['Microsoft.Storage/storageAccounts/managementPolicies/read', 'management-policy show'],
  },
  {
    reason: 'SettingNotOffered',
    seen: withSettings({ lifecycle: err({ kind: 'NotImplemented', httpStatus: 501 }) }),
    context: onMinio,
    says: ['lifecycle rules', '(501)'],
  },
]);
