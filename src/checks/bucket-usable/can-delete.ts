import { canWrite } from './can-write.ts';
import { canRead } from './can-read.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type Judgement } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** Objects can be deleted, and are then gone: W&B's garbage collection depends on it. */
export const canDelete = defineCheck({
  name: 'CanDelete',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  // The probe deletes an object only after it has verified that it is its own.
  prerequisites: [canWrite, canRead],
  needs: ['delete'],
  reasons: {
    DeleteDenied: {
      result: 'Fail',
      class: 'external',
      meaning: 'The credential may not delete objects: garbage collection would free nothing.',
      remedy: 'Allow s3:DeleteObject on the objects under the path.',
      codes: ['AccessDenied', '403'],
      proof: 'emulator',
    },
    ObjectsRetained: SHARED_REASONS.ObjectsRetained,
    DeleteHadNoEffect: SHARED_REASONS.DeleteHadNoEffect,
  },
  judge: (observations, context) => {
    const seen = observations.delete;
    if (seen?.ok !== false)
      return seen?.value.gone === false ? deleteHadNoEffect(`A deletion from ${messagesOf(context).bucket}`) : passed();
    const { actor, bucket, grant, settings } = messagesOf(context);
    if (seen.error.kind === 'ObjectRetained') {
      return failed(
        'ObjectsRetained',
        `Retention or a hold keeps objects of ${bucket} from being deleted${codeOf(seen.error)}: garbage collection would free nothing. ` +
          'One probe object stays under .wandb-storage-probe/ and is removed as soon as it can be.',
        settings.removeRetention,
      );
    }
    if (seen.error.kind !== 'AccessDenied') return failedBy(seen.error, context, 'Deleting an object');
    return failed(
      'DeleteDenied',
      `${actor} may not delete from ${bucket}${codeOf(seen.error)}: garbage collection would free nothing. ` +
        'One probe object stays under .wandb-storage-probe/ and is removed as soon as deletion is allowed.',
      grant('Delete'),
    );
  },
});

/** A deletion that was confirmed without effect. */
export function deleteHadNoEffect(deletion: string): Judgement<'DeleteHadNoEffect'> {
  return failed(
    'DeleteHadNoEffect',
    `${deletion} was confirmed, and the object is still there.`,
    'Look for object lock, retention or a legal hold on the bucket, and for a gateway that answers for the store.',
  );
}
