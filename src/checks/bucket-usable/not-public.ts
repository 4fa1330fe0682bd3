import type { AnonymousSeen, Observations, Observed } from '../../domain/observations/observations.ts';
import { isTransientStatus } from '../../domain/observations/http-status.ts';
import { canWrite } from './can-write.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failed, passed, unknown, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

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
    PublicWithinNetwork: {
      result: 'Warn',
      meaning:
        'The bucket answers without a signature where the operator is, by rules that the store itself does not call public: a policy for one network.',
      remedy: 'Nothing, if everybody in that network may read the files of W&B.',
      codes: ['200 for an unsigned request', 'IsPublic=false'],
      proof: 'rules',
    },
  },
  judge: ({ anonymous, endpoint }, context) => {
    const what = disclosedBy(anonymous);
    if (what !== '') {
      return isLimited(anonymous) ? isOpenHere(what, context) : isPublic(what, seenFrom(endpoint), context);
    }
    return isRefused(anonymous?.get) && isRefused(anonymous?.list)
      ? passed()
      : unknown(
          'NotObserved',
          'The unsigned requests were not all refused, so nothing shows that the bucket is private.',
        );
  },
});

type Anonymous = Observations['anonymous'];

/** What anybody could do, as part of a sentence; empty for nothing. */
function disclosedBy(anonymous: Anonymous): string {
  const reads = isDisclosed(anonymous?.get) ? ['read objects of'] : [];
  const lists = isDisclosed(anonymous?.list) ? ['list'] : [];
  return [...reads, ...lists].join(' and ');
}

/** Whether the store itself says that its rules do not let in everybody. */
function isLimited(anonymous: Anonymous): boolean {
  return anonymous?.rules?.ok === true && !anonymous.rules.value.isPublic;
}

function isDisclosed(seen: Observed<AnonymousSeen> | undefined): boolean {
  return seen?.ok === true && seen.value.disclosed;
}

/** A transient fault is not a refusal: the next answer may be the object. */
function isRefused(seen: Observed<AnonymousSeen> | undefined): boolean {
  return seen?.ok === true && seen.value.httpStatus >= 300 && !isTransientStatus(seen.value.httpStatus);
}

/** An unsigned answer says nothing of other networks than the one that it came to. */
function seenFrom(endpoint: Observations['endpoint']): string {
  if (endpoint?.ok !== true) return 'as seen from the operator';
  const { route, isPublic: isInternet } = endpoint.value;
  if (route !== 'direct') return `as seen from the operator through proxy ${route}`;
  const where = isInternet === undefined ? '' : ` at ${isInternet ? 'a public' : 'a private'} address of the store`;
  return `as seen from the operator${where}`;
}

function isOpenHere(what: string, context: CheckContext): Judgement<'PublicWithinNetwork'> {
  return warned(
    'PublicWithinNetwork',
    `Every client in the network of the operator can ${what} ${messagesOf(context).bucket} without a signature. The store reports that it is not public for other networks.`,
    'Make sure that everybody in that network may read the files of W&B, or take the statement for that network out of the bucket policy.',
  );
}

function isPublic(what: string, from: string, context: CheckContext): Judgement<'BucketPublic'> {
  const { bucket, makePrivate } = messagesOf(context);
  return failed(
    'BucketPublic',
    `Everyone can ${what} ${bucket} without a signature, ${from}.`,
    `Remove public access: ${makePrivate}`,
  );
}
