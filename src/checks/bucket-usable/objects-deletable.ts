import type { Observations } from '../../domain/observations/observations.ts';
import { ownerMatches } from '../bucket-reachable/owner-matches.ts';
import { canList } from './can-list.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { lockInWords, type ObjectLock } from '../../domain/observations/object-lock.ts';
import { failed, passed, unknown } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { unread } from '../failures/unread-setting.ts';

/**
 * Objects can be deleted: there is no default retention, policy or hold. Read from
 * the settings, because a deletion under object lock seems to succeed (it only adds
 * a marker), and because nothing may be written that could not be removed. Where the
 * credential may not read the setting, the lock of the first object shows it.
 */
export const objectsDeletable = defineCheck({
  name: 'ObjectsDeletable',
  gate: 'BucketUsable',
  required: 'WhenKnown',
  ignorable: true,
  prerequisites: [ownerMatches, canList],
  decidedBy: 'Survey',
  needs: ['settings'],
  reasons: {
    ObjectsRetained: SHARED_REASONS.ObjectsRetained,
    SettingNotReadable: SHARED_REASONS.SettingNotReadable,
    SettingNotOffered: SHARED_REASONS.SettingNotOffered,
  },
  judge: ({ settings, read }, context) => {
    // The setting itself may be hidden from the credential.
    const lock = read?.ok === true ? read.value.lock : undefined;
    if (lock !== undefined) return locked(lock, context);
    const retention = settings?.retention;
    if (retention === undefined)
      return unknown('NotObserved', 'The probe ended before it read the retention settings.');
    if (!retention.ok) return unread('retention', retention.error, context);
    const { keeps } = retention.value;
    if (keeps.length === 0) return passed();
    const { wholeBucket, settings: messages } = messagesOf(context);
    return failed(
      'ObjectsRetained',
      `The ${wholeBucket} has ${keeps.join(' and ')}: objects cannot be deleted, so garbage collection would free nothing. The probe wrote nothing.`,
      messages.removeRetention,
    );
  },
});

function locked(lock: ObjectLock, context: CheckContext): Judgement<'ObjectsRetained'> {
  const { bucket, settings } = messagesOf(context);
  return failed(
    'ObjectsRetained',
    `An object that the probe wrote to ${bucket} has ${lockInWords(lock)}: objects cannot be deleted, so garbage collection would free nothing. ` +
      'It stays under .wandb-storage-probe/ until its lock ends, and no other is written meanwhile.',
    `${settings.removeRetention} Then delete the object under .wandb-storage-probe/ (a delete marker is enough), so that the next probe writes a new one.`,
  );
}

/** Whether the probe wrote nothing because it could not have deleted it. */
export function isRetained({ settings }: Observations): boolean {
  return settings?.retention?.ok === true && settings.retention.value.keeps.length > 0;
}
