import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../test/support/property-runs.ts';
import { CHECK_REASONS } from './catalogue.ts';
import { contextOf, goodObservations, listFails } from '../../test/support/fakes/observations.ts';
import { CATALOGUE } from './catalogue.ts';
import { GATES, type Check, type CheckResult } from './check.ts';
import { judgeAll } from './judge.ts';
import { failureClass, firstFault, isProven, rollUp } from './roll-up.ts';

/** Every kind of verdict that the roll-up distinguishes. */
const VERDICTS = [
  { result: 'Pass', reason: 'Passed', good: true },
  { result: 'Warn', reason: 'PlainHttp', good: true },
  { result: 'Skip', reason: 'NotApplicable', good: true },
  { result: 'Skip', reason: 'Ignored', good: true },
  { result: 'Skip', reason: 'PrerequisiteFailed', good: false },
  { result: 'Unknown', reason: 'NotObserved', good: false },
  { result: 'Fail', reason: 'CorsMissing', good: false },
  { result: 'Fail', reason: 'RegionMismatch', good: false },
  { result: 'Fail', reason: 'Throttled', good: false },
] as const;
type Verdict = (typeof VERDICTS)[number];

function resultsOf(verdicts: readonly Verdict[]): readonly CheckResult[] {
  return CATALOGUE.map(({ name }, index) => {
    const { result, reason } = verdicts[index]!;
    return { name, result, reason, message: `${name} says ${reason}.`, remedy: `Fix ${name}.` };
  });
}

const anyVerdicts = fc.array(fc.constantFrom(...VERDICTS), {
  minLength: CATALOGUE.length,
  maxLength: CATALOGUE.length,
});

/** Whether a verdict leaves its check's gate as it is: a check that is required `WhenKnown` may be Unknown. */
function isGood(check: Check, { good, result }: Verdict): boolean {
  return good || (check.required === 'WhenKnown' && result === 'Unknown');
}

/** What the roll-up has to say of these verdicts, by its definition. */
function wantedOf(verdicts: readonly Verdict[], results: readonly CheckResult[]) {
  const required = CATALOGUE.flatMap((check, index) =>
    check.required === false ? [] : [{ check, result: results[index]!, good: isGood(check, verdicts[index]!) }],
  );
  const gates = GATES.map((gate) => {
    const own = required.filter(({ check }) => check.gate === gate);
    const failure = own.find(({ result }) => result.result === 'Fail');
    const open = own.find(({ good }) => !good);
    const cause = (failure ?? open)?.result;
    const ignored = own.some(({ result }) => result.reason === 'Ignored');
    return {
      status: failure ? 'False' : open ? 'Unknown' : 'True',
      reason: cause?.reason ?? (ignored ? 'PassedWithIgnoredChecks' : 'Passed'),
      message: cause && `${cause.message ?? ''} ${cause.remedy ?? ''}`,
      ignored,
    };
  });
  const first = required.find(({ result }) => result.result === 'Fail');
  const classOf = { CorsMissing: 'external', RegionMismatch: 'spec', Throttled: 'transient' } as const;
  return {
    gates,
    isProven: required.every(({ good }) => good),
    firstFault: (first ?? required.find(({ good }) => !good))?.result,
    failureClass: first === undefined ? 'none' : classOf[first.result.reason as keyof typeof classOf],
  };
}

function expectRollUp(verdicts: readonly Verdict[]): void {
  const results = resultsOf(verdicts);
  const rolled = rollUp(results);
  const seen = {
    gates: GATES.map((gate) => {
      const { status, reason, message, ignored } = rolled[gate];
      // The message of an open gate lists names: another test reads it.
      return { status, reason, message: status === 'True' ? undefined : message, ignored };
    }),
    isProven: isProven(results),
    firstFault: firstFault(results),
    failureClass: failureClass(results),
  };
  const wanted = wantedOf(verdicts, results);
  // For tens of thousands of cases, `expect` alone takes seconds.
  if (JSON.stringify(seen) !== JSON.stringify(wanted)) expect(seen).toEqual(wanted);
}

describe('the roll-up of checks into gates', () => {
  it('holds for any verdicts of all checks', () => {
    fc.assert(fc.property(anyVerdicts, expectRollUp), atLeast(2000));
  });

  it('holds for every pair of verdicts on every pair of checks', () => {
    const good = CATALOGUE.map(() => VERDICTS[0] as Verdict);
    const pairs = VERDICTS.flatMap((first) => VERDICTS.map((second) => [first, second] as const));
    for (let one = 0; one < CATALOGUE.length; one++) {
      for (let two = one + 1; two < CATALOGUE.length; two++) {
        for (const [first, second] of pairs) expectRollUp(good.with(one, first).with(two, second));
      }
    }
  });

  it('is open when a check has not been judged at all', () => {
    const results = judgeAll(goodObservations(), contextOf(), { ignore: [] });
    expect(isProven(results)).toBe(true);
    expect(isProven(results.filter(({ name }) => name !== 'CanDelete'))).toBe(false);
    expect(rollUp([]).BucketUsable).toMatchObject({ status: 'Unknown', reason: 'NotObserved' });
  });

  it('names the checks that passed, warned and were ignored in the message of an open gate', () => {
    const results = judgeAll(goodObservations({ preflight: {} }), contextOf(), { ignore: ['CorsAllowsApp'] });
    const rolled = rollUp(results);
    expect(rolled.BrowserAccess).toEqual({
      status: 'True',
      reason: 'PassedWithIgnoredChecks',
      message: 'Passed: MixedContent. Ignored: CorsAllowsApp.',
      ignored: true,
    });
    expect(rolled.BucketReachable.message).toMatch(/^Passed: NameValid, EndpointAllowed/);
  });

  it('tries again soon what failed with a reason that this version does not know', () => {
    expect(failureClass([{ name: 'CanList', result: 'Fail', reason: 'FromTheFuture' }])).toBe('transient');
  });

  it('gives every failure of the catalogue a class', () => {
    const failing = Object.entries(CHECK_REASONS).filter(([, { result }]) => result === 'Fail');
    expect(failing.filter(([, reason]) => !('class' in reason))).toEqual([]);
  });

  it('closes only the gates of what failed', () => {
    const rolled = rollUp(judgeAll(listFails({ kind: 'AccessDenied', httpStatus: 403 }), contextOf(), { ignore: [] }));
    expect(rolled.BucketUsable).toMatchObject({ status: 'False', reason: 'ListDenied' });
    expect(rolled.BrowserAccess).toMatchObject({ status: 'Unknown', reason: 'PrerequisiteFailed' });
  });
});
