import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { CATALOGUE } from './catalogue.ts';
import type { Check, CheckResult } from './check.ts';
import { isProven, rollUp } from './roll-up.ts';

const SATISFIED = [
  { result: 'Pass', reason: 'Passed' },
  { result: 'Warn', reason: 'PlainHttp' },
  { result: 'Skip', reason: 'NotApplicable' },
  { result: 'Skip', reason: 'Ignored' },
] as const;
/** The same reasons with other results too: the reason alone must satisfy nobody. */
const OPEN = [
  { result: 'Fail', reason: 'Passed' },
  { result: 'Fail', reason: 'NotApplicable' },
  { result: 'Fail', reason: 'Ignored' },
  { result: 'Fail', reason: 'ListDenied' },
  { result: 'Unknown', reason: 'NotObserved' },
  { result: 'Unknown', reason: 'Ignored' },
  { result: 'Unknown', reason: 'Passed' },
  { result: 'Skip', reason: 'PrerequisiteFailed' },
  { result: 'Skip', reason: 'Passed' },
  { result: 'Skip', reason: 'OfAnotherVersion' },
] as const;

type Verdict = Pick<CheckResult, 'result' | 'reason'>;

const satisfied: fc.Arbitrary<Verdict> = fc.constantFrom(...SATISFIED);
const any: fc.Arbitrary<Verdict | undefined> = fc.option(fc.constantFrom(...SATISFIED, ...OPEN), { nil: undefined });

/** A verdict, or none, for each check of the catalogue: mostly good ones, so that one bad one decides. */
const verdicts = fc.tuple(
  ...CATALOGUE.map(() => fc.oneof({ weight: 12, arbitrary: satisfied }, { weight: 1, arbitrary: any })),
);

/** What a store does not tell is open only where the check is required in any case. */
function isSatisfying({ required }: Check, verdict: Verdict | undefined): boolean {
  if (!required || (required === 'WhenKnown' && verdict?.result === 'Unknown')) return true;
  return SATISFIED.some(({ result, reason }) =>
    result === 'Pass' || result === 'Warn'
      ? verdict?.result === result
      : verdict?.result === result && verdict.reason === reason,
  );
}

/** In any order, with checks of another version among them. */
function resultsOf(given: readonly (Verdict | undefined)[], seed: number): readonly CheckResult[] {
  const known = CATALOGUE.flatMap(({ name }, index) => {
    const verdict = given[index];
    return verdict === undefined ? [] : [{ name, ...verdict }];
  });
  const results: CheckResult[] = [...known, { name: 'OfAnotherVersion', result: 'Pass', reason: 'Passed' }];
  const turn = seed % results.length;
  return [...results.slice(turn), ...results.slice(0, turn)];
}

describe('the roll-up of any results', () => {
  it('is proven if and only if every required check is satisfied, and then each gate is True', () => {
    fc.assert(
      fc.property(verdicts, fc.nat(), (given, seed) => {
        const results = resultsOf(given, seed);
        const expected = CATALOGUE.every((check, index) => isSatisfying(check, given[index]));
        expect(isProven(results)).toBe(expected);
        expect(Object.values(rollUp(results)).every(({ status }) => status === 'True')).toBe(expected);
      }),
      atLeast(2000),
    );
  });

  it('is proven exactly where the one check that is not good may be so', () => {
    for (const [index, check] of CATALOGUE.entries()) {
      for (const bad of [...OPEN, undefined]) {
        const given = CATALOGUE.map((_, at) => (at === index ? bad : SATISFIED[0]));
        expect(isProven(resultsOf(given, index))).toBe(isSatisfying(check, bad));
      }
    }
  });

  it('is not proven by no results at all', () => {
    expect(isProven([])).toBe(false);
  });
});
