import type { Check } from '../check.ts';
import { missingOfGrant } from './documented-grant.ts';
import { passed, warned } from '../judgement.ts';
import { wordsOf } from '../remedies/messages-of.ts';

/** The credential has all that W&B's documentation asks for, also where no other check needs it. */
export const grantComplete: Check = {
  name: 'GrantComplete',
  gate: 'BucketUsable',
  required: false,
  ignorable: true,
  prerequisites: ['CanList', 'CanWrite', 'CanRead', 'CanDelete'],
  needs: ['settings'],
  notApplicable: ({ storage }) =>
    storage.provider === 'AzureBlob'
      ? 'An account key may do everything; what a role lacks shows in the checks that need it.'
      : undefined,
  judge: (observations, context) => {
    const missing = missingOfGrant(context.storage.provider, observations);
    if (missing.length === 0) return passed();
    const { actor, bucket, settings: words } = wordsOf(context);
    return warned(
      'GrantIncomplete',
      `${actor} has no ${missing.join(', ')} on ${bucket}: W&B's documentation asks for it, and W&B checks or uses it.`,
      words.grantAll(missing),
    );
  },
};
