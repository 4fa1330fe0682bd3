import { expect, it } from '@jest/globals';
import { ok } from '../../base/result.ts';
import { factsKey, type SurveyFacts } from './survey-facts.ts';

function facts(validTo: string, daysLeft: number): SurveyFacts {
  return { endpoint: ok({ tls: true, route: 'direct', certificate: { validTo, daysLeft, systemCa: true } }) };
}

it('a certificate that is renewed is news, and one that is a day older is none', () => {
  const known = factsKey(facts('2027-01-31', 60));
  expect(factsKey(facts('2027-01-31', 59))).toBe(known);
  expect(factsKey(facts('2027-05-01', 89))).not.toBe(known);
});
