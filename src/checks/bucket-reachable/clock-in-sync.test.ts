import { ok } from '../../base/result.ts';
import { goodObservations, listFails } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { clockInSync } from './clock-in-sync.ts';

describeCheck(clockInSync, [
  {
    reason: 'ClockSkewNoticeable',
    seen: goodObservations({ endpoint: ok({ tls: true, clockSkewSeconds: 61, route: 'direct' }) }),
    says: ['about 1 min ahead of', 'NTP'],
  },
  {
    reason: 'ClockSkewed',
    seen: goodObservations({ endpoint: ok({ tls: true, clockSkewSeconds: -301, route: 'direct' }) }),
    says: ['about 5 min behind', 'will refuse them', 'NTP'],
  },
  {
    reason: 'ClockSkewed',
    seen: listFails({ kind: 'ClockSkewed', httpStatus: 403, providerCode: 'RequestTimeTooSkewed' }),
    says: ['NTP'],
  },
]);
