import type { CheckContext } from '../check.ts';
import type { AwsIdentityRef } from '../../domain/credentials/refs.ts';
import { contextOf, goodObservations, s3 } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
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
