import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../../checks/catalogue.ts';
import type { CheckResult } from '../../checks/check.ts';
import { planProbe } from './survey-plan.ts';
import type { Memory } from './validation-memory.ts';

const HOUR = 3_600_000;
const NOW = 100 * HOUR;
const policy = { mode: 'Full', intervalMs: HOUR, fullIntervalMs: 24 * HOUR } as const;

function failing(failed: string, { triedHoursAgo = 1, survey = true } = {}): Memory {
  const results = CATALOGUE.map(({ name }): CheckResult => ({
    name,
    ...(name === failed ? FAILED : { result: 'Pass', reason: 'Passed' }),
  }));
  const tried = { monotonic: NOW - triedHoursAgo * HOUR, wall: 0 };
  const history = { inputs: 'inputs', lastFullAt: 0, lastProbeAt: NOW - 1000 };
  const known = { history, lastFullTime: 0, results, faults: 1, tried };
  return survey ? { ...known, survey: { revision: 1, beganAt: NOW - 5000 } } : known;
}

const FAILED = { result: 'Fail', reason: 'AccessDenied' } as const;

describe('a retry', () => {
  it.each<[string, Memory, ReturnType<typeof planProbe>]>([
    ['of the survey alone', failing('CorsAllowsApp'), { mode: 'Survey', notBefore: NOW - 4999 }],
    [
      'of the path too, once in its interval',
      failing('CorsAllowsApp', { triedHoursAgo: 25 }),
      { mode: 'Full', notBefore: NOW - 4999 },
    ],
    [
      'with a survey that began after the last probe',
      failing('CorsAllowsApp', { survey: false }),
      { mode: 'Full', notBefore: NOW - 999 },
    ],
    ['of the path, with the survey that is there', failing('CanWrite'), { mode: 'Full', notBefore: NOW - 24 * HOUR }],
    ['of both', failing('MultipartUpload'), { mode: 'Full', notBefore: NOW - 4999 }],
  ])('%s', (_, memory, plan) => {
    expect(planProbe({ mode: 'Full', cause: 'Retry', now: NOW, policy, memory })).toEqual(plan);
  });
});
