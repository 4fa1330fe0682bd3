import type { BucketFailure } from '../domain/bucket-failure.ts';
import type { Check, CheckContext, Judgement } from './check.ts';
import { failedBy } from './failure-table.ts';
import { failed, passed } from './judgement.ts';
import { bucketArn, bucketPlace, codeOf, grant, pathPrefix, principal } from './wording.ts';

/** Keys under the path can be listed, which W&B does, and without which the probe could not clean up after itself. */
export const canList: Check = {
  name: 'CanList',
  gate: 'BucketUsable',
  required: true,
  ignorable: true,
  prerequisites: ['BucketExists', 'RegionMatches'],
  needs: ['list'],
  judge: ({ list }, context) => {
    if (list?.ok !== false) return passed();
    return list.error.kind === 'AccessDenied' ? denied(list.error, context) : failedBy(list.error, context, 'Listing');
  },
};

function denied(failure: BucketFailure, context: CheckContext): Judgement {
  const { storage } = context;
  const under = storage.path === '' ? '' : ` under ${pathPrefix(context)}`;
  const foreign =
    storage.provider === 'S3'
      ? `Either the grant is missing, or a bucket named ${storage.name} belongs to another account.`
      : 'Either the grant is missing, or there is no such bucket: the store answers alike.';
  return failed(
    'ListDenied',
    `The owner of ${principal(context)} may not list ${bucketPlace(context)}${under}${codeOf(failure)}. ${foreign}`,
    `${grant(context, 's3:ListBucket', bucketArn(context))} W&B also needs s3:PutObject, s3:GetObject and s3:DeleteObject on the objects.`,
  );
}
