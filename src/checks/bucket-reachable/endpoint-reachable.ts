import type { Check } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed } from '../judgement.ts';
import { arrivalFailure, TRANSPORT_KINDS } from '../failures/seen-failures.ts';

/** Something answers at the endpoint, and goes on answering. */
export const endpointReachable: Check = {
  name: 'EndpointReachable',
  gate: 'BucketReachable',
  required: true,
  ignorable: true,
  prerequisites: ['EndpointAllowed'],
  needs: ['endpoint'],
  judge: (observations, context) => {
    const failure = arrivalFailure(observations, [...TRANSPORT_KINDS, 'DeadlineExceeded']);
    if (failure !== undefined) return failedBy(failure, context);
    const seen = observations.endpoint;
    return passed(
      seen?.ok === true && seen.value.route !== 'direct' ? `Reached by way of ${seen.value.route}.` : undefined,
    );
  },
};
