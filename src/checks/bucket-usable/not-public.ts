import type { AnonymousSeen, Observed } from '../../domain/observations/observations.ts';
import { isTransientStatus } from '../../domain/observations/http-status.ts';
import { canWrite } from './can-write.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failed, passed, unknown } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';

/** The bucket refuses requests without a signature. Tried, not read from its settings. */
export const notPublic = defineCheck({
  name: 'NotPublic',
  gate: 'BucketUsable',
  required: true,
  ignorable: 'WithFlag',
  prerequisites: [canWrite],
  needs: ['anonymous'],
  reasons: {
    BucketPublic: {
      result: 'Fail',
      class: 'external',
      meaning: 'The bucket or its listing can be read without a signature.',
      remedy: 'Remove public access from the bucket.',
      codes: ['200 for an unsigned request'],
      proof: 'emulator',
    },
  },
  judge: ({ anonymous }, context) => {
    const disclosed = [
      ...(isDisclosed(anonymous?.get) ? ['read objects of'] : []),
      ...(isDisclosed(anonymous?.list) ? ['list'] : []),
    ];
    if (disclosed.length > 0) return isPublic(disclosed.join(' and '), context);
    return isRefused(anonymous?.get) && isRefused(anonymous?.list)
      ? passed()
      : unknown(
          'NotObserved',
          'The unsigned requests were not all refused, so nothing shows that the bucket is private.',
        );
  },
});

function isDisclosed(seen: Observed<AnonymousSeen> | undefined): boolean {
  return seen?.ok === true && seen.value.disclosed;
}

/** A transient fault is not a refusal: the next answer may be the object. */
function isRefused(seen: Observed<AnonymousSeen> | undefined): boolean {
  return seen?.ok === true && seen.value.httpStatus >= 300 && !isTransientStatus(seen.value.httpStatus);
}

function isPublic(what: string, context: CheckContext): Judgement<'BucketPublic'> {
  const { bucket, makePrivate } = wordsOf(context);
  return failed(
    'BucketPublic',
    `Everyone can ${what} ${bucket} without a signature.`,
    `Remove public access: ${makePrivate}`,
  );
}
