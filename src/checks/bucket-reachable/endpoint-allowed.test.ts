import { endpointFails, onMinio } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { endpointAllowed } from './endpoint-allowed.ts';

describeCheck(endpointAllowed, [
  {
    reason: 'EndpointForbidden',
    seen: endpointFails({ kind: 'EndpointForbidden' }),
    context: onMinio,
    says: ['https://minio.acme.example:9000', '--allowed-endpoints', 'Metadata services', 'stay refused'],
  },
]);
