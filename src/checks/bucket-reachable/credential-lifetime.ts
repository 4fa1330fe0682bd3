import type { SignInRef } from '../../domain/credentials/refs.ts';
import { declaredSignIn, describeSignIn } from '../../domain/credentials/identity-ref.ts';
import { authenticated } from './authenticated.ts';
import { defineCheck } from '../check.ts';
import { passed, warned } from '../judgement.ts';

/** W&B signs write URLs for a day; on AWS a URL expires with the session that signed it. */
const WRITE_URL_HOURS = 24;

/** Credentials are valid as long as the URLs that W&B signs with them. */
export const credentialLifetime = defineCheck({
  name: 'CredentialLifetime',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: [authenticated],
  needs: [],
  reasons: {
    CredentialsShortLived: {
      result: 'Warn',
      meaning: 'Credentials expire before the write URLs that W&B signs with them, which are valid for 24 hours.',
      remedy: 'Allow longer sessions, or use a key without an expiry date.',
      codes: [],
      proof: 'emulator',
    },
  },
  judge: (_observations, context) => {
    const ref = declaredSignIn(context.storage);
    const hours = longestSessionHours(ref);
    if (hours === undefined || hours >= WRITE_URL_HOURS) return passed();
    return warned(
      'CredentialsShortLived',
      `Sessions of ${describeSignIn(ref)} last at most ${hours === 1 ? '1 hour' : `${hours} hours`}, and W&B signs write URLs with them for ${WRITE_URL_HOURS} hours: uploads after the end of the session fail.`,
      'Allow the longest sessions of the role (aws iam update-role --role-name <role> --max-session-duration 43200; a role that is assumed from another role is limited to an hour), or use an access key, which does not expire.',
    );
  },
});

/** AWS limits sessions to twelve hours, and to one hour when a role is assumed from another role's session. */
function longestSessionHours(ref: SignInRef): number | undefined {
  if (ref.kind === 'WebIdentity') return 12;
  if (ref.kind !== 'AssumedRole') return undefined;
  return ref.from.kind === 'WebIdentity' ? 1 : 12;
}
