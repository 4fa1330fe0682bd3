import { authenticated } from './authenticated.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown } from '../judgement.ts';
import { listFailure } from '../failures/seen-failures.ts';
import { wordsOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

/** There is a bucket of this name, and an object store answers for it. */
export const bucketExists = defineCheck({
  name: 'BucketExists',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [authenticated],
  needs: ['list'],
  reasons: {
    BucketNotFound: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store has no bucket of this name.',
      remedy: 'Create the bucket, or correct spec.bucket.name.',
      codes: ['NoSuchBucket'],
      proof: 'emulator',
    },
    HiddenByStore: SHARED_REASONS.HiddenByStore,
  },
  judge: (observations, context) => {
    const failure = listFailure(observations);
    if (failure === undefined) return passed();
    switch (failure.kind) {
      case 'RequesterPays':
        return passed();
      case 'BucketNotFound':
      case 'NotAnObjectStore':
      case 'ResponseTooLarge':
        return failedBy(failure, context);
      case 'WrongRegion':
      case 'AccessDenied':
        // AWS answers NoSuchBucket before it checks permissions, so AccessDenied means that the bucket exists.
        return context.storage.provider === 'S3'
          ? passed('It exists, in this or another account.')
          : unknown(
              'HiddenByStore',
              `The store does not say whether there is a ${wordsOf(context).bucket}${codeOf(failure)}.`,
            );
      default:
        return unknown('NotObserved', `The store answered before it looked for the bucket${codeOf(failure)}.`);
    }
  },
});
