import { describe, expect, it } from '@jest/globals';
import { contextOf, goodObservations, minio } from '../../test/support/fakes/observations.ts';
import { ok } from '../base/result.ts';
import { CATALOGUE } from './catalogue.ts';
import type { CheckResult } from './check.ts';
import { judgeAll } from './judge.ts';
import { firstFault, openChecks, rollUp } from './roll-up.ts';

const passed: readonly CheckResult[] = CATALOGUE.map(({ name }) => ({ name, result: 'Pass', reason: 'Passed' }));
const but = (name: string, changes: Partial<CheckResult>): readonly CheckResult[] =>
  passed.map((result) => (result.name === name ? { ...result, ...changes } : result));

describe('the message of a gate', () => {
  it.each<readonly [what: string, changes: Partial<CheckResult>, status: string, message: string]>([
    ['passed', { result: 'Pass' }, 'True', 'Passed: MixedContent, CorsAllowsApp.'],
    ['warned', { result: 'Warn' }, 'True', 'Passed: MixedContent. With a warning: CorsAllowsApp.'],
    [
      'does not apply',
      { result: 'Skip', reason: 'NotApplicable' },
      'True',
      'Passed: MixedContent. Not applicable: CorsAllowsApp.',
    ],
    ['is ignored', { result: 'Skip', reason: 'Ignored' }, 'True', 'Passed: MixedContent. Ignored: CorsAllowsApp.'],
    ['failed', { result: 'Fail', reason: 'CorsMissing', message: 'No rule.' }, 'False', 'No rule.'],
    [
      'failed, with a remedy',
      { result: 'Fail', reason: 'CorsMissing', message: 'No rule.', remedy: 'Add one.' },
      'False',
      'No rule. Add one.',
    ],
    ['failed without a word', { result: 'Fail', reason: 'CorsMissing' }, 'False', 'CorsAllowsApp is Fail.'],
    ['is unknown', { result: 'Unknown', reason: 'NotObserved' }, 'Unknown', 'CorsAllowsApp is Unknown.'],
    ['is of another version', { name: 'Former' }, 'Unknown', 'CorsAllowsApp has not been checked yet.'],
  ])('where a check %s', (_, changes, status, message) => {
    expect(rollUp(but('CorsAllowsApp', changes)).BrowserAccess).toMatchObject({ status, message });
  });

  it('names what is not known and need not be', () => {
    const seen = goodObservations({ settings: { requesterPays: ok({ enabled: false }) } });
    const { BucketUsable } = rollUp(judgeAll(seen, contextOf({ storage: minio }), { ignore: [] }));
    expect(BucketUsable).toEqual({
      status: 'True',
      reason: 'Passed',
      message:
        'Passed: RequesterPaysOff, CanList, KmsUsable, CanWrite, CanRead, CanDelete, PresignedUrls, MultipartUpload, NotPublic. Not known: ObjectsDeletable, VersioningEnabled. Not applicable: EncryptionMatches.',
      ignored: false,
    });
  });
});

describe('the first fault', () => {
  it.each<readonly [what: string, results: readonly CheckResult[], name: string | undefined, open: readonly string[]]>([
    ['is none where all passed', passed, undefined, []],
    ['is what is open', but('CanRead', { result: 'Unknown' }), 'CanRead', ['CanRead']],
    ['is none where a check was not judged', passed.filter(({ name }) => name !== 'CanRead'), undefined, ['CanRead']],
    ['is not that of advice', but('LifecycleSafe', { result: 'Fail' }), undefined, []],
  ])('%s', (_, results, name, open) => {
    expect(firstFault(results)?.name).toBe(name);
    expect(openChecks(results).map((check) => check.name)).toEqual(open);
  });
});
