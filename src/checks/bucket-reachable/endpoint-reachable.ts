import { endpointAllowed } from './endpoint-allowed.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, warned } from '../judgement.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { arrivalFailure, TRANSPORT_KINDS } from '../../domain/observations/seen-failures.ts';

function serverDialsElsewhere(server: string, context: CheckContext): Judgement<'ServerDialsElsewhere'> {
  const { storage, endpointUrl } = context;
  const { endpointFlag = 'a flag of the operator' } = messagesOf(context);
  return warned(
    'ServerDialsElsewhere',
    `The bucket was proven at ${endpointUrl} (${endpointFlag}). W&B's address of it names no host, so W&B's server uses ${server}, unless its own environment says otherwise: that it reaches the same store there is not proven.`,
    storage.provider === 'S3'
      ? `Give the bucket a key (spec.bucket.s3.credentials): then the published address names ${new URL(endpointUrl).host}. Or make sure that the server reaches the same store.`
      : `Make sure that W&B's server reaches the same store at ${new URL(server).host}, such as by DNS; or remove ${endpointFlag}.`,
  );
}

/** The endpoint answers, to the first request and to later ones. */
export const endpointReachable = defineCheck({
  name: 'EndpointReachable',
  gate: 'BucketReachable',
  required: true,
  ignorable: true,
  prerequisites: [endpointAllowed],
  decidedBy: 'Survey',
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
    ServerDialsElsewhere: {
      result: 'Warn',
      meaning:
        "A flag of the operator names another address of the cloud, and W&B's address of this bucket has no place for it: W&B's server was not proven to reach the bucket.",
      remedy:
        'Have the server reach the same store at its own address, or declare the bucket so that its address names a host: on AWS with a key.',
      codes: [],
      proof: 'rules',
    },
  },
  judge: (observations, context) => {
    const failure = arrivalFailure(observations, [...TRANSPORT_KINDS, 'DeadlineExceeded']);
    if (failure !== undefined) return failedBy(failure, context);
    const elsewhere = context.serverEndpointUrl;
    if (elsewhere !== undefined) return serverDialsElsewhere(elsewhere, context);
    const seen = observations.endpoint;
    return passed(
      seen?.ok === true && seen.value.route !== 'direct' ? `Reached through the proxy ${seen.value.route}.` : undefined,
    );
  },
});
