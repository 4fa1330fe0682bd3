import { onMinio, withEndpoint } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { endpointPublic } from './endpoint-public.ts';

describeCheck(endpointPublic, [
  {
    reason: 'EndpointNotPublic',
    seen: withEndpoint({ isPublic: false }),
    context: onMinio,
    says: ['has a private address', 'spec.deployment.proxiesFileStore'],
  },
  {
    reason: 'EndpointNotPublic',
    seen: withEndpoint({}),
    context: { ...onMinio, endpointUrl: 'http://minio.storage.svc:9000' },
    says: ['known only inside its network'],
  },
  {
    reason: 'EndpointNotPublic',
    seen: withEndpoint({}),
    context: { ...onMinio, endpointUrl: 'https://[fd00::1]:9000' },
    says: ['private address'],
  },
  {
    reason: 'NotApplicable',
    seen: withEndpoint({ isPublic: false }),
    context: { ...onMinio, proxiesFileStore: true },
    says: ['spec.deployment.proxiesFileStore'],
  },
]);
