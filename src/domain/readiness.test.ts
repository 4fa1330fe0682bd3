import { describe, expect, it } from '@jest/globals';
import { findCondition, type Condition } from './conditions.ts';
import type { FailureClass } from './problem.ts';
import { computeReadiness, suspendedConditions, type GateVerdict } from './readiness.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

function gate(
  status: 'True' | 'False' | 'Unknown',
  failureClass: FailureClass = 'external',
  reason = 'CorsMissing',
): GateVerdict {
  return { type: 'BrowserAccess', status, reason, message: 'because', failureClass };
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

  it('changes nothing, times included, when nothing changed', () => {
    const first = compute([gate('False')]);

    expect(compute([gate('False')], START + 30_000, first.conditions).conditions).toEqual(first.conditions);
  });

  it('moves lastTransitionTime only with the status', () => {
    const first = compute([gate('True')]);
    const renamed = compute([{ ...gate('True'), reason: 'Other' }], START + 60_000, first.conditions);
    const closed = compute([gate('False')], START + 60_000, first.conditions);

    expect(findCondition(renamed.conditions, 'BrowserAccess')?.lastTransitionTime).toBe('2026-01-01T00:00:00Z');
    expect(findCondition(closed.conditions, 'BrowserAccess')?.lastTransitionTime).toBe('2026-01-01T00:01:00Z');
  });
});

describe('suspendedConditions', () => {
  const stamp = { generation: 2, now: '2026-01-02T00:00:00Z' };

  it('keeps a good verdict and acknowledges the generation', () => {
    const kept = suspendedConditions(compute([gate('True')]).conditions, stamp);

    expect(findCondition(kept, 'Ready')).toMatchObject({ status: 'True', observedGeneration: 2 });
    expect(types(kept)).not.toContain('Stalled');
  });

  it('is Stalled when nothing was ever proven', () => {
    const never = suspendedConditions([], stamp);

    expect(findCondition(never, 'Ready')).toMatchObject({ status: 'False', reason: 'Suspended' });
    expect(findCondition(never, 'Stalled')).toMatchObject({ status: 'True', reason: 'Suspended' });
  });
});
