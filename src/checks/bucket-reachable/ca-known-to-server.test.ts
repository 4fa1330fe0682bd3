import { contextOf, goodCertificate, minio, withEndpoint } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { caKnownToServer } from './ca-known-to-server.ts';

const withCa = contextOf({ storage: { ...minio, caBundle: { kind: 'ConfigMap', name: 'acme-ca', key: 'ca.crt' } } });

describeCheck(caKnownToServer, [
  {
    reason: 'CaPrivate',
    seen: withEndpoint({ certificate: { ...goodCertificate, systemCa: false } }),
    context: withCa,
    says: ['ca.crt of ConfigMap acme-ca', 'global.caCertsConfigMap', 'kubectl create configmap'],
  },
  {
    reason: 'Passed',
    seen: withEndpoint({}),
    context: withCa,
    says: ['public CA'],
  },
]);
