import type { Check } from './check.ts';
import { passed, warned } from './judgement.ts';
import { wordsOf } from './stores/words-of.ts';

/** W&B signs write URLs for a day; a URL dies with the credential that signed it. */
const WRITE_URL_SECONDS = 86_400;

/** Credentials live as long as the URLs that W&B signs with them. */
export const credentialLifetime: Check = {
  name: 'CredentialLifetime',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: ['Authenticated'],
  needs: [],
  judge: (_observations, context) => {
    const { credentialLifetimeSeconds: seconds } = context;
    if (seconds === undefined || seconds >= WRITE_URL_SECONDS) return passed();
    const { credential } = wordsOf(context);
    return warned(
      'CredentialsShortLived',
      `Credentials of ${credential} live for ${hours(seconds)}, and the write URLs that W&B signs with them are for 24 hours: uploads that take longer, or begin later, fail.`,
      'Let sessions of the role live longer (AWS: aws iam update-role --role-name <role> --max-session-duration 43200), or use an access key that lasts.',
    );
  },
};

function hours(seconds: number): string {
  const rounded = Math.round(seconds / 360) / 10;
  return rounded === 1 ? '1 hour' : `${rounded} hours`;
}
