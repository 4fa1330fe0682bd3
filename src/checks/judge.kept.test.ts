import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../base/result.ts';
import type { Observations } from '../domain/observations/observations.ts';
import { contextOf, denied, goodObservations, withSettings } from '../../test/support/fakes/observations.ts';
import { omit } from '../../test/support/fakes/omit.ts';
import type { CheckResult } from './check.ts';
import { judgeAll } from './judge.ts';

const NOT_OBSERVED = {
  result: 'Unknown',
  reason: 'NotObserved',
  message: 'The probe ended before it had an observation for this check; the next full probe decides it.',
} as const;

/** A survey that saw more than it decides. */
const survey: Observations = {
  ...withSettings({ versioning: ok({ enabled: false }) }),
  mode: 'Survey',
  write: err(denied),
  presigned: { GET: err(denied) },
};

function after(seen: Observations, previous: readonly CheckResult[], name: string): CheckResult | undefined {
  return judgeAll(seen, contextOf(), { previous, ignore: [] }).find((result) => result.name === name);
}

describe('after a survey', () => {
  it.each<CheckResult>([
    { name: 'CanWrite', result: 'Pass', reason: 'Passed' },
    { name: 'CanWrite', result: 'Pass', reason: 'Passed', message: 'It was well.' },
    { name: 'CanWrite', result: 'Fail', reason: 'WriteDenied', message: 'It was not.', remedy: 'Grant it.' },
    { name: 'PresignedUrls', result: 'Pass', reason: 'Passed' },
    { name: 'PresignedUrls', result: 'Skip', reason: 'PrerequisiteFailed', message: 'Not checked.' },
    { name: 'MultipartUpload', result: 'Unknown', reason: 'NotObserved', message: 'Not seen.' },
  ])('what a trial decides stays: $name $result $reason', (result) => {
    expect(after(survey, [result], result.name)).toEqual(result);
  });

  it.each<readonly [reason: string, message: string]>([
    ['Ignored', 'Left out by spec.validation.ignore.'],
    ['NotApplicable', 'The server proxies file traffic.'],
  ])('a trial is needed for what was %s before', (reason, message) => {
    const before: CheckResult = { name: 'CanWrite', result: 'Skip', reason, message };
    expect(after(survey, [before], 'CanWrite')).toEqual({ name: 'CanWrite', ...NOT_OBSERVED });
  });

  it('what it decides is new', () => {
    const before: CheckResult = { name: 'VersioningEnabled', result: 'Pass', reason: 'Passed' };
    expect(after(survey, [before], 'VersioningEnabled')).toMatchObject({
      result: 'Warn',
      reason: 'VersioningDisabled',
    });
  });

  it('what it could not see stays', () => {
    const before: CheckResult = { name: 'VersioningEnabled', result: 'Warn', reason: 'VersioningDisabled' };
    expect(after(omit(survey, 'settings'), [before], 'VersioningEnabled')).toEqual(before);
  });
});

describe('a full probe', () => {
  it('keeps nothing', () => {
    const before: CheckResult = { name: 'CanWrite', result: 'Pass', reason: 'Passed', message: 'It was well.' };
    expect(after(omit(goodObservations(), 'write'), [before], 'CanWrite')).toEqual({
      name: 'CanWrite',
      ...NOT_OBSERVED,
    });
  });

  it('says why it wrote nothing to a bucket that keeps its objects', () => {
    const seen = omit(withSettings({ retention: ok({ keeps: ['a legal hold'] }) }), 'write');
    const results = judgeAll(seen, contextOf(), { ignore: ['ObjectsDeletable'] });
    expect(results.filter(({ name }) => name === 'ObjectsDeletable' || name === 'CanWrite')).toEqual([
      {
        name: 'ObjectsDeletable',
        result: 'Skip',
        reason: 'Ignored',
        message: 'Left out by spec.validation.ignore.',
      },
      {
        name: 'CanWrite',
        result: 'Unknown',
        reason: 'NotObserved',
        message: 'Nothing was written, because the bucket would not allow its deletion.',
      },
    ]);
  });

  it('names the check that failed first, however far back', () => {
    const seen = goodObservations({ list: err({ kind: 'BucketNotFound' }) });
    const skipped = judgeAll(seen, contextOf(), { ignore: [] }).filter(({ reason }) => reason === 'PrerequisiteFailed');
    expect(new Set(skipped.map(({ message }) => message))).toEqual(
      new Set(['Not checked: BucketExists must pass first.']),
    );
  });
});
