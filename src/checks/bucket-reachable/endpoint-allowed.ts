import type { Check } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed } from '../judgement.ts';
import { arrivalFailure } from '../failures/seen-failures.ts';

/** The operator's own policy lets it dial the endpoint. */
export const endpointAllowed: Check = {
  name: 'EndpointAllowed',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: ['NameValid'],
  needs: ['endpoint'],
  judge: (observations, context) => {
    const failure = arrivalFailure(observations, ['EndpointForbidden']);
    return failure === undefined ? passed() : failedBy(failure, context);
  },
};
