import { nameValid } from './name-valid.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed } from '../judgement.ts';
import { arrivalFailure } from '../../domain/observations/seen-failures.ts';

/** The operator's own policy allows connections to the endpoint. */
export const endpointAllowed = defineCheck({
  name: 'EndpointAllowed',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [nameValid],
  decidedBy: 'Survey',
  needs: ['endpoint'],
  reasons: {
    EndpointForbidden: {
      result: 'Fail',
      class: 'external',
      meaning: 'The policy of the operator does not allow connections to the address of this endpoint.',
      remedy:
        'Name another endpoint, or ask the administrator of the operator to allow this one; metadata services, link-local addresses and the API server stay refused.',
      codes: [],
      proof: 'scripted server',
    },
  },
  judge: (observations, context) => {
    const failure = arrivalFailure(observations, ['EndpointForbidden']);
    return failure === undefined ? passed() : failedBy(failure, context);
  },
});
