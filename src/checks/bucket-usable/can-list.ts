import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { Check, CheckContext, Judgement } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** Keys under the path can be listed, which W&B does, and without which the probe could not clean up after itself. */
export const canList: Check = {
  name: 'CanList',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  prerequisites: ['BucketExists', 'RegionMatches', 'RequesterPaysOff'],
  needs: ['list'],
  judge: ({ list }, context) => {
    if (list?.ok !== false) return passed();
    return list.error.kind === 'AccessDenied' ? denied(list.error, context) : failedBy(list.error, context, 'Listing');
  },
};

function denied(failure: BucketFailure, context: CheckContext): Judgement {
  const { path } = context.storage;
  const { actor, bucket, grant, hiddenBucket } = wordsOf(context);
  const under = path === '' ? '' : ` under ${path}/`;
  return failed(
    'ListDenied',
    `${actor} may not list ${bucket}${under}${codeOf(failure)}. ${hiddenBucket}`,
    grant('List'),
  );
}
