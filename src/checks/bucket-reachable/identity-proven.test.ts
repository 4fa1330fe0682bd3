import { ok } from '../../base/result.ts';
import { goodObservations } from '../../../test/support/fakes/observations.ts';
import { BUCKET_ROLE, asBucketRole, otherKey } from '../../../test/support/fakes/sign-ins.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { identityProven } from './identity-proven.ts';

describeCheck(identityProven, [
  {
    reason: 'ExternalIdNotEnforced',
    seen: goodObservations({ externalId: ok({ enforced: false }) }),
    context: asBucketRole,
    says: [BUCKET_ROLE, '"sts:ExternalId":"acme-1"'],
  },
  {
    reason: 'Passed',
    seen: goodObservations({ externalId: ok({ enforced: true }) }),
    context: asBucketRole,
    says: [`Proven as role ${BUCKET_ROLE}`],
  },
  { reason: 'NotObserved', seen: goodObservations(), context: asBucketRole, says: [] },
  {
    reason: 'Passed',
    seen: goodObservations(),
    says: ['Proven as access key AKIA***MPLE.'],
  },
  {
    reason: 'ProvenAsOther',
    seen: goodObservations(),
    context: otherKey,
    says: ['proven as access key AKIA***OVER', 'signs in as the identity of its own workload', 'credentialsFrom'],
  },
]);
