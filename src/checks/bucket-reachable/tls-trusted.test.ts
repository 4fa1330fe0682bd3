import { ok } from '../../base/result.ts';
import {
  contextOf,
  endpointFails,
  goodObservations,
  minio,
  onMinio,
} from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { tlsTrusted } from './tls-trusted.ts';

describeCheck(tlsTrusted, [
  {
    reason: 'TlsUntrusted',
    seen: endpointFails({ kind: 'TlsUntrusted', providerCode: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    context: onMinio,
    says: ['kubectl create configmap', 'caBundle.configMapKeyRef', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  },
  {
    reason: 'TlsUntrusted',
    seen: endpointFails({ kind: 'TlsUntrusted' }),
    context: contextOf({ storage: { ...minio, caBundle: { kind: 'ConfigMap', name: 'acme-ca', key: 'ca.crt' } } }),
    says: ['Correct ca.crt of ConfigMap acme-ca'],
  },
  {
    reason: 'TlsExpired',
    seen: endpointFails({ kind: 'TlsExpired' }),
    says: ['expired', 'Renew'],
  },
  {
    reason: 'TlsUntrusted',
    seen: endpointFails({ kind: 'TlsIssuerUnknown' }),
    context: contextOf({ storage: { ...minio, caBundle: { kind: 'ConfigMap', name: 'acme-ca', key: 'ca.crt' } } }),
    says: ['Configure the store to send its whole chain', 'Correct ca.crt of ConfigMap acme-ca'],
  },
  {
    reason: 'TlsUntrusted',
    seen: endpointFails({ kind: 'TlsIssuerUnknown' }),
    says: ['NO_PROXY', 'operator.extraCa.configMap', 'NODE_EXTRA_CA_CERTS', 'the CAs of the image are not read'],
  },
  {
    reason: 'TlsCertificateInvalid',
    seen: endpointFails({ kind: 'TlsCertificateInvalid', providerCode: 'EE_KEY_TOO_SMALL' }),
    context: onMinio,
    says: ['EE_KEY_TOO_SMALL', '2048 bits'],
  },
  {
    reason: 'TlsNameMismatch',
    seen: endpointFails({ kind: 'TlsNameMismatch' }),
    context: onMinio,
    says: [
      'another host',
      'a common name does not count',
      'spec.bucket.s3Compatible.endpoint',
      'spec.bucketChangePolicy: Allow',
    ],
  },
  {
    reason: 'TlsHandshakeFailed',
    seen: endpointFails({ kind: 'TlsHandshakeFailed' }),
    context: onMinio,
    says: ['does not support TLS', 'scheme'],
  },
  {
    reason: 'PlainHttp',
    seen: goodObservations({ endpoint: ok({ tls: false, route: 'direct' }) }),
    context: contextOf({ storage: { ...minio, endpoint: { ...minio.endpoint, scheme: 'http' } } }),
    says: ['http://minio.acme.example:9000', 'without TLS', 'published already', 'spec.bucketChangePolicy: Allow'],
  },
]);
