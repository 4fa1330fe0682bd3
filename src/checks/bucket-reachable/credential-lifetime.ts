import type { SignInRef } from '../../domain/credentials/refs.ts';
import { declaredSignIn, describeSignIn } from '../../domain/credentials/identity-ref.ts';
import { authenticated } from './authenticated.ts';
import { defineCheck } from '../check.ts';
import { passed, warned } from '../judgement.ts';

/** W&B signs write URLs for a day; on AWS a URL dies with the session that signed it. */
const WRITE_URL_HOURS = 24;

/** Credentials live as long as the URLs that W&B signs with them. */
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
      meaning: 'Credentials die before the write URLs that W&B signs with them, which are for 24 hours.',
      remedy: 'Let sessions live longer, or use a key that lasts.',
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
      `Sessions of ${describeSignIn(ref)} live for at most ${hours === 1 ? '1 hour' : `${hours} hours`}, and the write URLs that W&B signs with them are for ${WRITE_URL_HOURS}: uploads that take longer, or begin later, fail.`,
      'Let sessions of the role live as long as they can (aws iam update-role --role-name <role> --max-session-duration 43200; one role after the other gives an hour), or use an access key, which lasts.',
    );
  },
});

/** AWS lets a session live for twelve hours, and for one where a role was assumed with another's session. */
function longestSessionHours(ref: SignInRef): number | undefined {
  if (ref.kind === 'WebIdentity') return 12;
  if (ref.kind !== 'AssumedRole') return undefined;
  return ref.from.kind === 'WebIdentity' ? 1 : 12;
}
