import { expect, it } from '@jest/globals';
import { ok } from '../../base/result.ts';
import { contextOf, goodObservations, listFails, withEndpoint } from '../../../test/support/fakes/observations.ts';
import { describeCheck } from '../../../test/support/check-rows.ts';
import { judgeAll } from '../judge.ts';
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

it.each<readonly [skew: number, verdict: string]>([
  [60, 'Passed'],
  [-61, 'ClockSkewNoticeable, about 1 min behind'],
  [89, 'ClockSkewNoticeable, about 1 min ahead of'],
  [90, 'ClockSkewNoticeable, about 2 min ahead of'],
  [300, 'ClockSkewNoticeable, about 5 min ahead of'],
  [-300, 'ClockSkewNoticeable, about 5 min behind'],
  [301, 'ClockSkewed, about 5 min ahead of'],
])('judges a difference of %d seconds', (clockSkewSeconds, verdict) => {
  const { reason, message = '' } = judgeAll(withEndpoint({ clockSkewSeconds }), contextOf(), { ignore: [] }).find(
    ({ name }) => name === 'ClockInSync',
  )!;
  expect([reason, ...(/about \d+ min (behind|ahead of)/.exec(message)?.slice(0, 1) ?? [])].join(', ')).toBe(verdict);
});
