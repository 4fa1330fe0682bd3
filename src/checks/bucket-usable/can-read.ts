import { kmsUsable } from './kms-usable.ts';
import { canWrite } from './can-write.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** A written object reads back byte for byte. */
export const canRead = defineCheck({
  name: 'CanRead',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  prerequisites: [kmsUsable, canWrite],
  needs: ['read'],
  reasons: {
    ReadDenied: {
      result: 'Fail',
      class: 'external',
      meaning: 'The credential may not read objects under the path.',
      remedy: 'Allow s3:GetObject on the objects under the path.',
      codes: ['AccessDenied', '403'],
      proof: 'emulator',
    },
    ObjectArchived: SHARED_REASONS.ObjectArchived,
    ReadBackMissing: {
      result: 'Fail',
      class: 'external',
      meaning: 'An object that was just written is not there.',
      remedy:
        'Look for replicas behind a load balancer that do not share their data, and for rules that delete at once.',
      codes: ['NoSuchKey'],
      proof: 'scripted server',
    },
    ReadBackDiffers: {
      result: 'Fail',
      class: 'external',
      meaning: 'An object that was just written came back with other bytes.',
      remedy: 'Look for a proxy or gateway that changes bodies.',
      codes: [],
      proof: 'scripted server',
    },
  },
  judge: ({ read }, context) => {
    const { actor, bucket, grant } = messagesOf(context);
    if (read?.ok !== false) return read?.value.intact === false ? differs(bucket) : passed();
    const failure = read.error;
    if (failure.kind === 'AccessDenied') {
      return failed('ReadDenied', `${actor} may not read from ${bucket}${codeOf(failure)}.`, grant('Read'));
    }
    if (failure.kind === 'ObjectNotFound') {
      return failed(
        'ReadBackMissing',
        `An object just written to ${bucket} is not there${codeOf(failure)}.`,
        'Look for replicas behind a load balancer that do not share their data, and for rules that delete objects at once.',
      );
    }
    return failedBy(failure, context, 'Reading an object back');
  },
});

function differs(place: string) {
  return failed(
    'ReadBackDiffers',
    `An object just written to ${place} came back with other bytes.`,
    'Look for a proxy or gateway on the way that changes bodies.',
  );
}
