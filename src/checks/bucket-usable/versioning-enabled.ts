import type { SettingsSeen } from '../../domain/observations/bucket-settings.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { ownerMatches } from '../bucket-reachable/owner-matches.ts';
import { canList } from './can-list.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, unknown, warned } from '../judgement.ts';
import { coversProbes, probeFolder } from './lifecycle-reach.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { unread } from '../failures/unread-setting.ts';
import { codeOf } from '../wording.ts';

/**
 * Deleted objects are kept for a while, by versions or soft delete: W&B requires
 * this for its garbage collection, and on GCS its server refuses a bucket without
 * soft delete.
 */
export const versioningEnabled = defineCheck({
  name: 'VersioningEnabled',
  gate: 'BucketUsable',
  required: 'WhenKnown',
  ignorable: true,
  prerequisites: [ownerMatches, canList],
  decidedBy: 'Survey',
  needs: ['settings'],
  reasons: {
    SettingNotReadable: SHARED_REASONS.SettingNotReadable,
    SettingNotOffered: SHARED_REASONS.SettingNotOffered,
    VersioningDisabled: {
      result: 'Warn',
      meaning:
        'Deleted objects are lost at once; W&B requires versioning (Azure: soft delete) before its garbage collection is enabled.',
      remedy: 'Enable versioning or soft delete.',
      codes: [],
      proof: 'emulator',
    },
    SoftDeleteDisabled: {
      result: 'Fail',
      class: 'external',
      meaning: "The GCS bucket has no soft delete, so W&B's server refuses it.",
      remedy: 'gcloud storage buckets update gs://<bucket> --soft-delete-duration=7d',
      codes: ['Bucket does not have soft deletion enabled'],
      proof: 'emulator',
    },
    BucketSettingsDenied: {
      result: 'Fail',
      class: 'external',
      meaning:
        "The credential may not read the settings of the GCS bucket, which W&B's server reads before it uses a bucket.",
      remedy: 'Grant roles/storage.admin on the bucket, as W&B documents.',
      codes: ['403 naming storage.buckets.get'],
      proof: 'emulator',
    },
  },
  judge: (observations, context) => {
    const { settings = {} } = observations;
    switch (context.storage.provider) {
      case 'GCS':
        return judgeGcs(settings, context);
      case 'AzureBlob':
        return judgeKept(settings.softDelete, isVersioned(observations), context);
      default:
        return judgeKept(settings.versioning, false, context, () => leftBehind(settings, context));
    }
  },
});

function judgeGcs({ softDelete }: SettingsSeen, context: CheckContext) {
  if (softDelete === undefined) return notLooked();
  const { actor, wholeBucket, settings } = messagesOf(context);
  if (!softDelete.ok && softDelete.error.kind === 'AccessDenied') {
    return failed(
      'BucketSettingsDenied',
      `${actor} may not read the settings of ${wholeBucket}${codeOf(softDelete.error)}: W&B's server reads them before it uses a bucket, and would be refused too.`,
      settings.grantAll(['storage.buckets.get']),
    );
  }
  if (!softDelete.ok) return failedBy(softDelete.error, context, 'Reading the settings');
  if (softDelete.value.enabled) return passed();
  return failed(
    'SoftDeleteDisabled',
    `The ${wholeBucket} has no soft delete: W&B's server refuses it ("Bucket does not have soft deletion enabled").`,
    `Enable soft delete: ${settings.keepDeleted}`,
  );
}

function judgeKept(
  kept: SettingsSeen['versioning'],
  isKept: boolean,
  context: CheckContext,
  note: () => string | undefined = () => undefined,
) {
  if (isKept) return passed();
  if (kept === undefined) return notLooked();
  if (!kept.ok) return unread('versioning', kept.error, context);
  if (kept.value.enabled) return passed(note());
  // Not of the path: thousands of claims on one bucket say the same.
  const { wholeBucket, settings } = messagesOf(context);
  const what = context.storage.provider === 'AzureBlob' ? 'soft delete' : 'versioning';
  return warned(
    'VersioningDisabled',
    `The ${wholeBucket} has no ${what}: objects that W&B's garbage collection deletes cannot be restored, and W&B requires it before GORILLA_ARTIFACT_GC_ENABLED is set.`,
    settings.keepDeleted,
  );
}

/** Azure reports a version in the answer to an upload; the setting is in the management plane. */
function isVersioned({ write }: Observations): boolean {
  return write?.ok === true && write.value.versionId !== undefined;
}

/** Each probe leaves a version and a marker, which W&B's grant cannot delete; a lifecycle rule can. */
function leftBehind({ probeVersions, lifecycle }: SettingsSeen, context: CheckContext): string | undefined {
  if (lifecycle?.ok === true && lifecycle.value.some((rule) => coversProbes(rule, context.storage))) return undefined;
  const count = probeVersions?.ok === true ? probeVersions.value : undefined;
  const amount = count === undefined ? '' : ` (${count.count}${count.truncated ? ' or more' : ''} so far)`;
  const { settings } = messagesOf(context);
  const left = `Each full probe leaves old versions and delete markers of its small objects${amount}, which W&B's documented grant cannot delete.`;
  // Without lifecycle rules, advice about them is of no use.
  if (lifecycle?.ok === false && lifecycle.error.kind === 'NotImplemented') {
    return `${left} The store has no lifecycle rules: an administrator of the bucket can delete them below ${probeFolder(context.storage)}.`;
  }
  return `${left} To let the store remove them: ${settings.expireVersions(probeFolder(context.storage))}`;
}

function notLooked(): Judgement {
  return unknown('NotObserved', 'The probe ended before it read the settings for versioning and soft delete.');
}
