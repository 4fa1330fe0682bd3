import { expect, it } from '@jest/globals';
import type { CheckContext } from '../check.ts';
import type { AwsIdentityRef } from '../../domain/credentials/refs.ts';
import { contextOf, credentials, gcs, goodObservations, s3 } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { judgeAll } from '../judge.ts';
import { credentialLifetime } from './credential-lifetime.ts';

const webIdentity = { kind: 'WebIdentity', serviceAccount: 'wandb-app', roleArn: 'arn:aws:iam::1:role/a' } as const;

function actingAs(actAs: AwsIdentityRef): CheckContext {
  return contextOf({ storage: { ...s3, credentials: { kind: 'Ambient' }, actAs } });
}

describeCheck(credentialLifetime, [
  {
    reason: 'CredentialsShortLived',
    seen: goodObservations(),
    context: actingAs({ kind: 'AssumedRole', from: webIdentity, roleArn: 'arn:aws:iam::2:role/b' }),
    says: ['last at most 1 hour,', 'role arn:aws:iam::2:role/b', '--max-session-duration'],
  },
  {
    reason: 'CredentialsShortLived',
    seen: goodObservations(),
    context: actingAs(webIdentity),
    says: ['last at most 12 hours,'],
  },
  { reason: 'Passed', seen: goodObservations(), says: [] },
]);

const REMEDY =
  'Allow the longest sessions of the role (aws iam update-role --role-name <role> --max-session-duration 43200; a role that is assumed from another role is limited to an hour), or use an access key, which does not expire.';

it.each<readonly [what: string, context: CheckContext, message: string | undefined]>([
  ['a key', contextOf(), undefined],
  ['Google Cloud', contextOf({ storage: gcs }), undefined],
  [
    'a role',
    actingAs(webIdentity),
    'Sessions of role arn:aws:iam::1:role/a as ServiceAccount wandb-app last at most 12 hours, and W&B signs write URLs with them for 24 hours: uploads after the end of the session fail.',
  ],
  [
    'a role that a key assumes',
    actingAs({ kind: 'AssumedRole', from: credentials, roleArn: 'arn:aws:iam::2:role/b' }),
    'Sessions of role arn:aws:iam::2:role/b, assumed by the key in Secret omega-bucket last at most 12 hours, and W&B signs write URLs with them for 24 hours: uploads after the end of the session fail.',
  ],
  [
    'a role that a role assumes',
    actingAs({ kind: 'AssumedRole', from: webIdentity, roleArn: 'arn:aws:iam::2:role/b' }),
    'Sessions of role arn:aws:iam::2:role/b, assumed by role arn:aws:iam::1:role/a as ServiceAccount wandb-app last at most 1 hour, and W&B signs write URLs with them for 24 hours: uploads after the end of the session fail.',
  ],
])('says how long sessions of %s last', (_, context, message) => {
  const verdicts = judgeAll(goodObservations(), context, { ignore: [] });
  expect(verdicts.find(({ name }) => name === 'CredentialLifetime')).toEqual({
    name: 'CredentialLifetime',
    ...(message === undefined
      ? { result: 'Pass', reason: 'Passed' }
      : { result: 'Warn', reason: 'CredentialsShortLived', message, remedy: REMEDY }),
  });
});
