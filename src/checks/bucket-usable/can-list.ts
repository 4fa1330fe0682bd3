import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { bucketExists } from '../bucket-reachable/bucket-exists.ts';
import { regionMatches } from '../bucket-reachable/region-matches.ts';
import { requesterPaysOff } from './requester-pays-off.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** Keys under the path can be listed: W&B does so, and the probe needs it to remove leftovers. */
export const canList = defineCheck({
  name: 'CanList',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  prerequisites: [bucketExists, regionMatches, requesterPaysOff],
  needs: ['list'],
  reasons: {
    ListDenied: {
      result: 'Fail',
      class: 'external',
      meaning: 'The credential may not list the bucket, or the bucket belongs to another account.',
      remedy: 'Allow s3:ListBucket on the bucket.',
      codes: ['AccessDenied', '403'],
      proof: 'emulator',
    },
  },
  judge: ({ list }, context) => {
    if (list?.ok !== false) return passed();
    return list.error.kind === 'AccessDenied' ? denied(list.error, context) : failedBy(list.error, context, 'Listing');
  },
});

function denied(failure: BucketFailure, context: CheckContext): Judgement<'ListDenied'> {
  const { path } = context.storage;
  const { actor, bucket, grant, hiddenBucket } = messagesOf(context);
  const under = path === '' ? '' : ` under ${path}/`;
  return failed(
    'ListDenied',
    `${actor} may not list ${bucket}${under}${codeOf(failure)}. ${hiddenBucket}`,
    grant('List'),
  );
}
