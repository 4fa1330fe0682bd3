import type { ProviderMessages } from '../remedies/messages.ts';
import type { SignInSentence } from '../remedies/sign-in-messages.ts';

/** What is wrong with an account or a bucket that the store does not serve. */
interface AccountState {
  readonly codes: readonly string[];
  readonly says: (messages: ProviderMessages) => string;
  readonly remedy: string;
}

const STATES: readonly AccountState[] = [
  {
    codes: ['InDebt', 'InDebtOverdue', 'PaymentRequired', 'BILLING_DISABLED'],
    says: (messages) =>
      `The account behind ${messages.credential} or the ${messages.bucket} has unpaid bills, or no billing`,
    remedy: 'Settle the bills, or set up billing, in the console of the account.',
  },
  {
    codes: ['AccountNotActivated', 'NotEntitled', 'NotSignedUp', 'OptInRequired', 'SignUpRequired'],
    says: (messages) =>
      `The account of ${messages.credential} has no subscription to the store, or is not activated yet`,
    remedy: 'Sign up for the object storage, or finish the activation, in the console of the account.',
  },
  {
    codes: ['AllAccessDisabled', 'BucketDisable', 'ContainerDisabled', 'InvalidPayer'],
    says: (messages) => `All access to the ${messages.wholeBucket} is switched off`,
    remedy: 'Ask the administrators of the account why, and if they do not know, the provider of the store.',
  },
  {
    codes: ['UnavailableForLegalReasons'],
    says: (messages) => `The ${messages.wholeBucket} is blocked for legal reasons`,
    remedy: 'Ask the provider of the store.',
  },
  {
    codes: ['UnauthorizedAccessError'],
    says: (messages) => `The ${messages.wholeBucket} is in China, and its account has no ICP licence`,
    remedy: 'Complete the ICP recordal of the account, or use a bucket in a region that asks for none.',
  },
];

/** Message and remedy for an account that the store does not serve. */
export function accountSentence(code: string | undefined, messages: ProviderMessages): SignInSentence {
  const state = STATES.find(({ codes }) => code !== undefined && codes.includes(code));
  if (state !== undefined) return { says: state.says(messages), remedy: state.remedy };
  return {
    says: `The account behind ${messages.credential} or the ${messages.bucket} is suspended`,
    remedy: 'Look for unpaid bills and messages in the console of the account, then ask the provider of the store.',
  };
}
