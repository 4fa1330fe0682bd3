import {
  contextOf,
  endpointFails,
  goodObservations,
  listFails,
  onAzureBlob,
  onMinio,
} from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { endpointReachable } from './endpoint-reachable.ts';

describeCheck(endpointReachable, [
  {
    reason: 'EndpointNotResolved',
    seen: endpointFails({ kind: 'NameNotResolved', providerCode: 'ENOTFOUND' }),
    context: onMinio,
    says: ['(ENOTFOUND)', 'spec.bucket.s3Compatible.endpoint'],
  },
  {
    reason: 'ResolverUnavailable',
    seen: endpointFails({ kind: 'ResolverUnavailable' }),
    says: ['DNS', 'kubectl'],
  },
  {
    reason: 'ConnectionRefused',
    seen: endpointFails({ kind: 'ConnectionRefused', providerCode: 'ECONNREFUSED' }),
    context: onMinio,
    says: ['https://minio.acme.example:9000', 'ECONNREFUSED', 'Start the store'],
  },
  {
    reason: 'ConnectionTimedOut',
    seen: endpointFails({ kind: 'ConnectionTimedOut' }),
    says: ['https://s3.eu-central-1.amazonaws.com', 'NetworkPolicies'],
  },
  {
    reason: 'ConnectionReset',
    seen: listFails({ kind: 'ConnectionReset' }),
    says: ['cut before the answer'],
  },
  {
    reason: 'NetworkUnreachable',
    seen: endpointFails({ kind: 'NetworkUnreachable' }),
    says: ['no route'],
  },
  {
    reason: 'OperatorOutOfSockets',
    seen: endpointFails({ kind: 'OutOfSockets' }),
    says: ['open files', 'ulimit'],
  },
  {
    reason: 'ProxyRefused',
    seen: endpointFails({ kind: 'ProxyRefused' }),
    says: ['proxy', 'NO_PROXY'],
  },
  {
    reason: 'DeadlineExceeded',
    seen: endpointFails({ kind: 'DeadlineExceeded' }),
    says: ['did not answer in time'],
  },
  {
    reason: 'ServerDialsElsewhere',
    seen: goodObservations(),
    context: {
      ...onAzureBlob,
      endpointUrl: 'https://acmewandb.blob.core.chinacloudapi.cn',
      serverEndpointUrl: 'https://acmewandb.blob.core.windows.net',
    },
    says: ['proven at https://acmewandb.blob.core.chinacloudapi.cn (--azure-endpoint)', 'core.windows.net, unless'],
  },
  {
    reason: 'ServerDialsElsewhere',
    seen: goodObservations(),
    context: contextOf({
      endpointUrl: 'https://s3-fips.us-gov-west-1.amazonaws.com',
      serverEndpointUrl: 'https://s3.us-gov-west-1.amazonaws.com',
    }),
    says: ['spec.bucket.s3.credentials', 'names s3-fips.us-gov-west-1.amazonaws.com'],
  },
]);
