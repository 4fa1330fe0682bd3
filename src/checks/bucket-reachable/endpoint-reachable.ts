import { endpointAllowed } from './endpoint-allowed.ts';
import { defineCheck } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed } from '../judgement.ts';
import { arrivalFailure, TRANSPORT_KINDS } from '../failures/seen-failures.ts';

/** The endpoint answers, to the first request and to later ones. */
export const endpointReachable = defineCheck({
  name: 'EndpointReachable',
  gate: 'BucketReachable',
  required: true,
  ignorable: true,
  prerequisites: [endpointAllowed],
  needs: ['endpoint'],
  reasons: {
    EndpointNotResolved: {
      result: 'Fail',
      class: 'external',
      meaning: 'DNS has no record of the host.',
      remedy: 'Correct the endpoint, or the DNS of the cluster.',
      codes: ['ENOTFOUND'],
      proof: 'scripted server',
    },
    ResolverUnavailable: {
      result: 'Fail',
      class: 'transient',
      meaning: 'DNS did not answer.',
      remedy: 'Check the DNS of the cluster; the probe is repeated by itself.',
      codes: ['EAI_AGAIN'],
      proof: 'scripted server',
    },
    ProxyRefused: {
      result: 'Fail',
      class: 'external',
      meaning: 'The HTTP proxy did not connect the operator to the store.',
      remedy: 'Allow the host and its port in the proxy, or name it in NO_PROXY of the operator.',
      codes: ['CONNECT 403', 'CONNECT 407', 'CONNECT 502', 'PROXY 407'],
      proof: 'scripted server',
    },
  },
  judge: (observations, context) => {
    const failure = arrivalFailure(observations, [...TRANSPORT_KINDS, 'DeadlineExceeded']);
    if (failure !== undefined) return failedBy(failure, context);
    const seen = observations.endpoint;
    return passed(
      seen?.ok === true && seen.value.route !== 'direct' ? `Reached through the proxy ${seen.value.route}.` : undefined,
    );
  },
});
