import { ownerMatches } from '../bucket-reachable/owner-matches.ts';
import { canList } from './can-list.ts';
import { objectsDeletable } from './objects-deletable.ts';
import { kmsUsable } from './kms-usable.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** An object can be created under the path, with the encryption of the bucket. */
export const canWrite = defineCheck({
  name: 'CanWrite',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  // Nothing is written to a bucket that may belong to another account.
  prerequisites: [ownerMatches, canList, objectsDeletable, kmsUsable],
  needs: ['write'],
  reasons: {
    WriteDenied: {
      result: 'Fail',
      class: 'external',
      meaning: 'The credential may not create objects under the path.',
      remedy: 'Allow s3:PutObject on the objects under the path.',
      codes: ['AccessDenied', '403'],
      proof: 'emulator',
    },
    ConditionalWritesUnsupported: {
      result: 'Warn',
      meaning:
        'The store has no conditional writes, which protect an existing object; the probe relies on random keys instead.',
      remedy: 'No action is needed; newer versions of most stores have conditional writes.',
      codes: ['NotImplemented', '501'],
      proof: 'scripted server',
    },
  },
  judge: ({ write }, context) => {
    const { actor, bucket, grant } = messagesOf(context);
    if (write?.ok === false && write.error.kind === 'AccessDenied') {
      return failed('WriteDenied', `${actor} may not write to ${bucket}${codeOf(write.error)}.`, grant('Write'));
    }
    if (write?.ok === false) return failedBy(write.error, context, 'Writing an object');
    if (write?.ok === true && !write.value.conditional) {
      return warned(
        'ConditionalWritesUnsupported',
        `The store of ${bucket} has no conditional writes, which never replace an object: the probe relies on its random keys.`,
        'No action is needed; a newer version of the store may offer conditional writes.',
      );
    }
    return passed();
  },
});
