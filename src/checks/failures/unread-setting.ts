import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import type { CheckContext, Judgement } from '../check.ts';
import { unknown } from '../judgement.ts';
import type { UnreadSetting } from '../remedies/settings-messages.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { codeOf } from '../wording.ts';

const NAMES: Readonly<Record<UnreadSetting, string>> = {
  retention: 'retention and object lock',
  versioning: 'versioning and soft delete',
  lifecycle: 'lifecycle rules',
};

/**
 * A setting that W&B's own grant does not allow to read is unknown, not a failure.
 * `undefined` as failure: there was no request, since the store has it in another API.
 */
export function unread(
  setting: UnreadSetting,
  failure: BucketFailure | undefined,
  context: CheckContext,
): Judgement<'SettingNotReadable' | 'SettingNotOffered' | 'NotObserved'> {
  const { actor, bucket, settings } = messagesOf(context);
  const what = `the settings for ${NAMES[setting]} of ${bucket}`;
  switch (failure?.kind) {
    case undefined:
    case 'AccessDenied':
      return unknown(
        'SettingNotReadable',
        `${actor} may not read ${what}${failure === undefined ? '' : codeOf(failure)}. ${settings.permissionFor(setting)}`,
      );
    case 'NotImplemented':
      return unknown('SettingNotOffered', `The store does not report ${what}${codeOf(failure)}.`);
    default:
      return unknown('NotObserved', `The store gave no usable answer for ${what}${codeOf(failure ?? {})}.`);
  }
}
