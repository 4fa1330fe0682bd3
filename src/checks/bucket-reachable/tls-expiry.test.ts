import { goodCertificate, withEndpoint, withPlainHttp } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { tlsExpiry } from './tls-expiry.ts';

describeCheck(tlsExpiry, [
  {
    reason: 'TlsExpiresSoon',
    seen: withEndpoint({ certificate: { ...goodCertificate, validTo: '2026-12-10', daysLeft: 20 } }),
    says: ['expires on 2026-12-10', 'Renew'],
  },
  {
    reason: 'Passed',
    seen: withEndpoint({ certificate: { ...goodCertificate, daysLeft: 21 } }),
    says: [],
  },
  { reason: 'NotApplicable', seen: withEndpoint({ tls: false }), context: withPlainHttp, says: [] },
]);
