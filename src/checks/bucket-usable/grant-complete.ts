import { canList } from './can-list.ts';
import { canWrite } from './can-write.ts';
import { canRead } from './can-read.ts';
import { canDelete } from './can-delete.ts';
import { defineCheck } from '../check.ts';
import { missingOfGrant } from './documented-grant.ts';
import { passed, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';

/** The credential has all permissions that W&B's documentation requires, also those that no other check needs. */
export const grantComplete = defineCheck({
  name: 'GrantComplete',
  gate: 'BucketUsable',
  required: false,
  ignorable: true,
  prerequisites: [canList, canWrite, canRead, canDelete],
  decidedBy: 'Survey',
  needs: ['settings'],
  notApplicable: ({ storage }) =>
    storage.provider === 'AzureBlob'
      ? 'An account key has all permissions; a missing permission of a role shows in the other checks.'
      : undefined,
  reasons: {
    GrantIncomplete: {
      result: 'Warn',
      meaning: "The credential lacks permissions that W&B's documentation requires; the message names them.",
      remedy: 'Grant the permissions that the message names.',
      codes: ['AccessDenied', '403'],
      proof: 'emulator',
    },
  },
  judge: (observations, context) => {
    const missing = missingOfGrant(context.storage.provider, observations);
    if (missing.length === 0) return passed();
    const { actor, bucket, settings: messages } = messagesOf(context);
    return warned(
      'GrantIncomplete',
      `${actor} has no ${missing.join(', ')} on ${bucket}: W&B's documentation requires this, and W&B checks or uses it.`,
      messages.grantAll(missing),
    );
  },
});
