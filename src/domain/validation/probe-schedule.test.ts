import { describe, expect, it } from '@jest/globals';
import { decideProbe, nextProbeAt, parseDuration, retryDelay, type ProbeHistory } from './probe-schedule.ts';

const HOUR = 3_600_000;
const policy = { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR } as const;
const history: ProbeHistory = { inputs: 'same', lastFullAt: 1000 * HOUR, lastProbeAt: 1000 * HOUR };

function decide(rest: Partial<Parameters<typeof decideProbe>[0]>) {
  return decideProbe({ now: 1000 * HOUR, uid: 'u', inputs: 'same', forced: false, history, policy, ...rest });
}

describe('decideProbe', () => {
  it.each([
    ['nothing is known', { history: undefined }, { kind: 'Probe', mode: 'Full', cause: 'Changed' }],
    ['the inputs changed', { inputs: 'other' }, { kind: 'Probe', mode: 'Full', cause: 'Changed' }],
    ['a validation is requested', { forced: true }, { kind: 'Probe', mode: 'Full', cause: 'Forced' }],
    ['all is fresh', {}, { kind: 'Wait' }],
    ['the interval has passed', { now: 1001.2 * HOUR }, { kind: 'Probe', mode: 'Light', cause: 'Due' }],
    ['the full interval has passed', { now: 1027 * HOUR }, { kind: 'Probe', mode: 'Full', cause: 'Due' }],
    [
      'ReadOnly never writes',
      { now: 1027 * HOUR, policy: { ...policy, mode: 'ReadOnly' } },
      { kind: 'Probe', mode: 'Light', cause: 'Due' },
    ],
  ] as const)('when %s', (_, rest, expected) => {
    expect(decide(rest)).toEqual(expected);
  });

  it('tries again in full what failed', () => {
    const failing = { ...history, failing: { failureClass: 'external', since: 1000 * HOUR } } as const;

    expect(decide({ history: failing, now: 1000 * HOUR + 10_000 })).toEqual({ kind: 'Wait' });
    expect(decide({ history: failing, now: 1000 * HOUR + 34_000 })).toEqual({
      kind: 'Probe',
      mode: 'Full',
      cause: 'Retry',
    });
  });

  it('does not try again what only an edit can fix', () => {
    const failing = { ...history, failing: { failureClass: 'spec', since: 0 } } as const;

    expect(nextProbeAt(failing, policy, 'u')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('retryDelay', () => {
  const lasting = [0, 500, 12_000].flatMap((probeMs) => ['u', 'a', 'b', 'c', 'd'].map((uid) => ({ uid, probeMs })));

  it.each(lasting)('climbs 30 s, 1, 2, 5 and stays at 10 minutes for external causes: %j', ({ uid, probeMs }) => {
    const seconds: number[] = [];
    for (let failingFor = 0, tries = 0; tries < 7; tries += 1) {
      const delay = retryDelay('external', failingFor, uid) ?? 0;
      seconds.push(delay / 1000);
      failingFor += delay + probeMs;
    }

    for (const [index, expected] of [30, 60, 120, 300, 600, 600, 600].entries()) {
      expect(Math.abs((seconds[index] ?? 0) / expected - 1)).toBeLessThanOrEqual(0.1);
    }
  });

  it('spreads a fleet but keeps the rhythm of one object', () => {
    const fleet = new Set(Array.from({ length: 50 }, (_, index) => retryDelay('external', 0, `uid-${index}`)));

    expect(fleet.size).toBeGreaterThan(45);
    expect(retryDelay('external', 0, 'uid-1')).toBe(retryDelay('external', 0, 'uid-1'));
  });

  it.each([0, 1000, 60_000, 10 * HOUR])(
    'keeps transient retries between one second and five minutes after %d ms',
    (failingFor) => {
      const delay = retryDelay('transient', failingFor, 'u') ?? 0;

      expect(delay).toBeGreaterThanOrEqual(1000);
      expect(delay).toBeLessThanOrEqual(300_000);
    },
  );
});

it.each([
  ['1h', HOUR],
  ['1h30m', 1.5 * HOUR],
  ['90s', 90_000],
  ['500ms', 500],
  ['', undefined],
  ['0s', undefined],
  ['1d', undefined],
  ['-1h', undefined],
  ['1h ', undefined],
])('parseDuration(%j)', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
