import type { AnonymousSeen, Observed } from '../../domain/observations/observations.ts';
import { isTransientStatus } from '../../domain/observations/http-status.ts';
import { canWrite } from './can-write.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failed, passed, unknown } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';

/** Nobody reads the bucket without a signature; tried, not read from its settings. */
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
      meaning: 'Anybody can read the bucket or its listing without a signature.',
      remedy: 'Take public access away from the bucket.',
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

/** Neither trouble that passes nor a success refuses anything: the next answer may be the object. */
function isRefused(seen: Observed<AnonymousSeen> | undefined): boolean {
  return seen?.ok === true && seen.value.httpStatus >= 300 && !isTransientStatus(seen.value.httpStatus);
}

function isPublic(what: string, context: CheckContext): Judgement<'BucketPublic'> {
  const { bucket, makePrivate } = wordsOf(context);
  return failed(
    'BucketPublic',
    `Anybody can ${what} ${bucket} without a signature.`,
    `Take public access away: ${makePrivate}`,
  );
}
