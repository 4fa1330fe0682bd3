import { err, ok } from '../../base/result.ts';
import { denied, goodObservations } from '../../../test/support/fakes/observations.ts';
import { ROLE, asRole } from '../../../test/support/fakes/sign-ins.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { canWrite } from './can-write.ts';

describeCheck(canWrite, [
  {
    reason: 'WriteDenied',
    seen: goodObservations({ write: err(denied) }),
    says: ['may not write', '"s3:PutObject"', '"arn:aws:s3:::acme-wandb/teams/omega/*"'],
  },
  {
    reason: 'ConditionalWritesUnsupported',
    seen: goodObservations({ write: ok({ conditional: false }) }),
    says: ['random keys'],
  },
  {
    reason: 'QuotaExceeded',
    seen: goodObservations({ write: err({ kind: 'QuotaExceeded', providerCode: 'XMinioStorageFull' }) }),
    says: ['Writing an object failed', 'no room left'],
  },
  {
    // What the identity lacks is granted to it, and not to the owner of a key.
    reason: 'WriteDenied',
    seen: goodObservations({ write: err(denied) }),
    context: asRole,
    says: [`Role ${ROLE} as ServiceAccount wandb/wandb-app may not write`, `IAM policy of role ${ROLE}`],
  },
]);
