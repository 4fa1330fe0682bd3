import { describe, expect, it } from '@jest/globals';
import { findCondition, foreignReason, type Condition } from './conditions.ts';
import type { PUBLISHED_REASONS } from '../publication/reasons.ts';
import type { FailureClass } from './failure-class.ts';
import { computeReadiness, suspendedConditions, type GateVerdict } from './readiness.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

function gate(
  status: 'True' | 'False' | 'Unknown',
  failureClass: FailureClass = 'external',
  reason = 'CorsMissing',
): GateVerdict {
  return { type: 'BrowserAccess', status, reason: foreignReason(reason), message: 'because', failureClass };
}

function compute(gates: readonly GateVerdict[], at = START, previous: readonly Condition[] = [], generation = 1) {
  return computeReadiness({
    generation,
    now: at,
    previous,
    gates,
    reported: [],
    readyReason: 'Valid',
    readyMessage: 'good',
  });
}

function types(conditions: readonly Condition[]): readonly string[] {
  return conditions.map((condition) => condition.type);
}

describe('computeReadiness', () => {
  it('is Ready, and neither Reconciling nor Stalled, when every gate is True', () => {
    const { conditions } = compute([gate('True')]);

    expect(findCondition(conditions, 'Ready')).toMatchObject({
      status: 'True',
      reason: 'Valid',
      observedGeneration: 1,
    });
    expect(types(conditions)).toEqual(['Ready', 'BrowserAccess']);
  });

  it('takes reason and message from the first closed gate', () => {
    const { conditions } = compute([gate('Unknown', 'external', 'Later'), gate('False')]);

    expect(findCondition(conditions, 'Ready')).toMatchObject({
      status: 'False',
      reason: 'CorsMissing',
      message: 'because',
    });
  });

  it('states after the cause what is still published', () => {
    const published = (status: 'True' | 'False', reason: keyof typeof PUBLISHED_REASONS) =>
      ({ type: 'Published', status, reason, message: 'Secret wandb-storage keeps the last one.' }) as const;
    const messages = (...gates: readonly GateVerdict[]) => findCondition(compute(gates).conditions, 'Ready')?.message;

    expect(messages(gate('False'), published('True', 'LastKnownGood'))).toBe(
      'because\nStill published: Secret wandb-storage keeps the last one.',
    );
    expect(messages(gate('False'), published('False', 'AwaitingProof'))).toBe('because');
    // The Secret holds nothing for it.
    expect(messages(gate('False'), published('True', 'NoEntryNeeded'))).toBe('because');
    expect(messages(gate('True'), published('True', 'Published'))).toBe('good');
  });

  it.each<[FailureClass, number]>([
    ['external', 120],
    ['transient', 120],
    ['reference', 300],
  ])('a cause of class %s is Reconciling for %d seconds, then Stalled', (failureClass, seconds) => {
    const first = compute([gate('False', failureClass)]);
    const before = compute([gate('False', failureClass)], START + (seconds - 1) * 1000, first.conditions);
    const after = compute([gate('False', failureClass)], START + seconds * 1000, before.conditions);

    expect(types(before.conditions)).toContain('Reconciling');
    expect(types(before.conditions)).not.toContain('Stalled');
    expect(types(after.conditions)).toContain('Stalled');
    expect(types(after.conditions)).not.toContain('Reconciling');
    expect(first.stallsInMs).toBe(seconds * 1000);
  });

  it('is Stalled at once by a wrong spec', () => {
    expect(types(compute([gate('False', 'spec')]).conditions)).toContain('Stalled');
  });

  it('begins the wait again for another cause and for another generation', () => {
    const stalled = compute([gate('False', 'spec')]).conditions;

    expect(types(compute([gate('False', 'external', 'Other')], START + 1000, stalled).conditions)).toContain(
      'Reconciling',
    );
    expect(types(compute([gate('False', 'external')], START + 1000, stalled, 2).conditions)).toContain('Reconciling');
  });

  describe('a wall clock that is set back by two hours', () => {
    const SET_BACK = START - 2 * 3_600_000;

    it('makes no cause Stalled later than it would be from now on', () => {
      const before = compute([gate('False')]);
      const seen = compute([gate('False')], SET_BACK, before.conditions);
      expect(seen.stallsInMs).toBe(120_000);
      const after = compute([gate('False')], SET_BACK + 120_000, seen.conditions);
      expect(types(after.conditions)).toContain('Stalled');
    });

    it('never takes Stalled back', () => {
      const stalled = compute([gate('False')], START + 120_000, compute([gate('False')]).conditions);
      expect(types(stalled.conditions)).toContain('Stalled');
      expect(compute([gate('False')], SET_BACK, stalled.conditions).conditions).toEqual(stalled.conditions);
    });
  });

  it('changes nothing, times included, when nothing changed', () => {
    const first = compute([gate('False')]);

    expect(compute([gate('False')], START + 30_000, first.conditions).conditions).toEqual(first.conditions);
  });

  it('moves lastTransitionTime only with the status', () => {
    const first = compute([gate('True')]);
    const renamed = compute([{ ...gate('True'), reason: foreignReason('Other') }], START + 60_000, first.conditions);
    const closed = compute([gate('False')], START + 60_000, first.conditions);

    expect(findCondition(renamed.conditions, 'BrowserAccess')?.lastTransitionTime).toBe('2026-01-01T00:00:00Z');
    expect(findCondition(closed.conditions, 'BrowserAccess')?.lastTransitionTime).toBe('2026-01-01T00:01:00Z');
  });
});

describe('suspendedConditions', () => {
  const good = compute([gate('True')]).conditions;
  const bad = compute([gate('False')]).conditions;
  /** Suspended by the edit that made the second generation, a day later. */
  const stamp = { generation: 2, now: '2026-01-02T00:00:00Z' };
  const at = (conditions: readonly Condition[]) =>
    conditions.map(
      ({ type, status, reason, observedGeneration }) => `${type}=${status}/${reason} ${observedGeneration}`,
    );

  it.each<[string, readonly Condition[], { isJudged: boolean; wasProven: boolean }, readonly string[]]>([
    [
      'a good verdict about this very spec is kept',
      good,
      { isJudged: true, wasProven: true },
      ['Ready=True/Valid 2', 'BrowserAccess=True/CorsMissing 2'],
    ],
    [
      'a good verdict about another spec is none, and what was found stays with its generation',
      good,
      { isJudged: false, wasProven: true },
      ['Ready=Unknown/Suspended 2', 'Stalled=True/Suspended 2', 'BrowserAccess=True/CorsMissing 1'],
    ],
    [
      'a bad result for this very spec is kept, and no tool waits for another',
      bad,
      { isJudged: true, wasProven: true },
      ['Ready=False/CorsMissing 2', 'Stalled=True/Suspended 2', 'BrowserAccess=False/CorsMissing 2'],
    ],
    [
      'a bad verdict about another spec is none',
      bad,
      { isJudged: false, wasProven: true },
      ['Ready=Unknown/Suspended 2', 'Stalled=True/Suspended 2', 'BrowserAccess=False/CorsMissing 1'],
    ],
    [
      'one that was never proven is Stalled, whatever it was refused for',
      bad,
      { isJudged: true, wasProven: false },
      ['Ready=False/Suspended 2', 'Stalled=True/Suspended 2', 'BrowserAccess=False/CorsMissing 1'],
    ],
    [
      'one that was never validated is Stalled',
      [],
      { isJudged: false, wasProven: true },
      ['Ready=False/Suspended 2', 'Stalled=True/Suspended 2'],
    ],
  ])('%s; and computing it again changes nothing', (_what, previous, past, expected) => {
    const first = suspendedConditions(previous, { ...stamp, ...past });
    expect(at(first)).toEqual(expected);
    expect(suspendedConditions(first, { ...stamp, ...past, now: '2026-01-03T00:00:00Z' })).toEqual(first);
  });

  it('an edit that is reverted does not restore a discarded result', () => {
    const edited = suspendedConditions(good, { ...stamp, isJudged: false, wasProven: true });
    const back = suspendedConditions(edited, { ...stamp, generation: 3, isJudged: true, wasProven: true });
    expect(at(back).slice(0, 2)).toEqual(['Ready=Unknown/Suspended 3', 'Stalled=True/Suspended 3']);
    expect(findCondition(back, 'Ready')?.lastTransitionTime).toBe('2026-01-02T00:00:00Z');
  });

  it.each([
    ['of a proven bucket', good, { isJudged: false, wasProven: true }],
    ['of a proven bucket that failed since', bad, { isJudged: true, wasProven: true }],
  ])('never states %s that it was suspended before it was proven', (_what, previous, past) => {
    const messages = suspendedConditions(previous, { ...stamp, ...past }).map(({ message }) => message);
    expect(messages.join(' ')).not.toMatch(/Suspended before/);
  });
});
