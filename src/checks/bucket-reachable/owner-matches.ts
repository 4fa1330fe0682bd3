import { bucketExists } from './bucket-exists.ts';
import { regionMatches } from './region-matches.ts';
import { defineCheck, type CheckContext } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** The bucket belongs to the account that the spec expects, and is not a bucket of the same name in another account. */
export const ownerMatches = defineCheck({
  name: 'OwnerMatches',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [bucketExists, regionMatches],
  decidedBy: 'Survey',
  needs: ['owner'],
  notApplicable: (context) => {
    if (context.storage.provider !== 'S3') return 'Only buckets of AWS can be asked for their owner.';
    return expectedOwner(context) === undefined
      ? 'The spec expects no owner (spec.bucket.s3.expectedBucketOwner).'
      : undefined;
  },
  reasons: {
    BucketOwnerMismatch: {
      result: 'Fail',
      class: 'external',
      meaning: 'The bucket belongs to another AWS account than the spec expects.',
      remedy: 'Correct spec.bucket.name or spec.bucket.s3.expectedBucketOwner.',
      codes: ['AccessDenied with an expected owner, and success without'],
      proof: 'scripted server',
    },
  },
  judge: ({ owner }, context) => {
    if (owner?.ok !== false) return passed();
    if (owner.error.kind !== 'AccessDenied') return failedBy(owner.error, context, 'Asking for the owner');
    const account = expectedOwner(context) ?? '';
    return failed(
      'BucketOwnerMismatch',
      `The ${messagesOf(context).bucket} answers, but not when asked to belong to account ${account}${codeOf(owner.error)}: another account owns it.`,
      `Correct spec.bucket.name or spec.bucket.s3.expectedBucketOwner (aws sts get-caller-identity prints your account). Nothing was written to the bucket.`,
    );
  },
});

function expectedOwner({ storage }: CheckContext): string | undefined {
  return storage.provider === 'S3' ? storage.expectedBucketOwner : undefined;
}
