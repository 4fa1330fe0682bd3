import { describe, expect, it } from '@jest/globals';
import { createFakeLog } from '../../../test/support/fakes/log.ts';
import { teamObject } from '../../../test/support/fakes/publishing-world.ts';
import type { ProbeReport } from '../validation/validation.ts';
import { logProbe, logReadiness } from './storage-log.ts';

const omega = teamObject('omega');
const REFUSED = { step: 'anonymous', kind: 'Refused', status: 403 } as unknown as ProbeReport['failures'][number];

describe('a change of Ready', () => {
  it.each([
    ['True', 'Valid', 'info'],
    ['False', 'SecretKeyWrong', 'warn'],
    ['Unknown', 'Suspended', 'warn'],
  ] as const)('%s/%s is logged at level %3$s, with kind and message', (status, reason, level) => {
    const log = createFakeLog();
    logReadiness(log, omega, {
      type: 'Ready',
      status,
      reason,
      message: 'why',
      observedGeneration: 1,
      lastTransitionTime: '',
    });
    expect(log.lines).toEqual([
      {
        level,
        message: 'readiness changed',
        fields: { kind: 'TeamStorage', namespace: 'ns', name: 'omega', ready: status, reason, message: 'why' },
      },
    ]);
  });
});

describe('a probe', () => {
  it.each([
    ['with nothing refused', { isGood: true, failures: [] }, 'debug', 'bucket probed'],
    [
      'of a good bucket, where an unsigned request was refused',
      { isGood: true, failures: [REFUSED] },
      'debug',
      'bucket probed',
    ],
    ['of a bucket that fails', { isGood: false, failures: [REFUSED] }, 'warn', 'requests of a probe failed'],
    ['of a bucket with a wrong setting', { isGood: false, failures: [] }, 'debug', 'bucket probed'],
  ] as const)('%s', (_, report, level, message) => {
    const log = createFakeLog();
    logProbe(log, omega, { mode: 'Full', requests: 29, ...report });
    expect(log.lines.map((line) => [line.level, line.message])).toEqual([[level, message]]);
    // The ids of requests are kept in any case.
    expect('failures' in (log.lines[0]?.fields ?? {})).toBe(report.failures.length > 0);
  });
});
