import { describe, expect, it } from '@jest/globals';
import { failureOf, noAnswer, ofStatus } from './failure.ts';

function status(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...fields });
}

describe('failureOf', () => {
  it('takes reason and message from a metav1.Status', () => {
    expect(
      failureOf(404, undefined, status({ reason: 'NotFound', message: 'secrets "a" not found', code: 404 })),
    ).toEqual({ status: 404, reason: 'NotFound', message: 'secrets "a" not found' });
  });

  it('names the managers and fields of an apply conflict', () => {
    const body = status({
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "kubectl-edit" using v1 at 2026-01-01',
            field: '.data.a',
          },
          { reason: 'FieldManagerConflict', message: 'unheard of' },
          { reason: 'FieldValueInvalid', message: 'x', field: '.spec' },
        ],
      },
    });
    expect(failureOf(409, undefined, body).conflicts).toEqual([
      { manager: 'kubectl-edit', field: '.data.a' },
      { manager: 'unknown', field: '' },
    ]);
  });

  it.each([
    [
      'a missing object',
      { name: 'a', group: 'storage.wandb.com', kind: 'teamstorages', uid: 'b' },
      { name: 'a', group: 'storage.wandb.com', kind: 'teamstorages' },
    ],
    ['a part of it', { name: 'a', group: '', kind: 7 }, { name: 'a' }],
    ['nothing that is a name', { name: 'x'.repeat(254), group: null, kind: [] }, undefined],
    ['nothing', undefined, undefined],
    ['the longest name', { name: 'x'.repeat(253) }, { name: 'x'.repeat(253) }],
  ])('says what it is about: %s', (_name, details, expected) => {
    expect(failureOf(404, undefined, status({ reason: 'NotFound', details })).details).toEqual(expected);
  });

  it.each([
    [
      'an invalid object',
      {
        details: {
          causes: [{ field: 'status.region' }, { field: '<nil>' }, { field: '' }, {}, { field: 'status.region' }],
        },
      },
      ['status.region'],
    ],
    [
      'an object that the schema does not fit',
      {
        message:
          'failed to create typed patch object (ns/a; storage.wandb.com/v1alpha1, Kind=TeamStorage): .status.teamForm.new: field not declared in schema',
      },
      ['status.teamForm.new'],
    ],
    [
      'a conflict',
      { details: { causes: [{ reason: 'FieldManagerConflict', message: 'x', field: '.data.a' }] } },
      undefined,
    ],
    ['anything else', { message: '.status.new: field not declared' }, undefined],
  ])('names the fields of %s', (_name, body, expected) => {
    expect(failureOf(422, undefined, status(body)).fields).toEqual(expected);
  });

  it.each([
    ['the header', '7', {}, 7000],
    ['the body', undefined, { retryAfterSeconds: 3 }, 3000],
    ['the header before the body', '7', { retryAfterSeconds: 3 }, 7000],
    ['the header, and at most five minutes', '86400', {}, 300_000],
    ['the body, and at most five minutes', undefined, { retryAfterSeconds: 86_400 }, 300_000],
    ['neither, when it is a date', 'Fri, 31 Dec 2027 23:59:59 GMT', {}, undefined],
    ['neither, when it is absurd', '99999999999', {}, undefined],
    ['neither, when it is negative', '-1', { retryAfterSeconds: -1 }, undefined],
  ])('takes Retry-After from %s', (_name, header, details, expected) => {
    expect(failureOf(429, header, status({ reason: 'TooManyRequests', details })).retryAfterMs).toBe(expected);
  });

  it.each([
    ['a page', '<html>bad gateway</html>'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[1]'],
    ['a text', '"later"'],
    ['JSON of another server', '{"message":{"text":"later"},"reason":502,"details":null}'],
    ['details of another server', '{"details":{"causes":"none"}}'],
  ])('makes do with %s from a proxy', (_name, body) => {
    expect(failureOf(502, undefined, body)).toEqual({
      status: 502,
      reason: 'Http502',
      message: 'the server answered 502',
    });
  });

  it('cuts a message of any length', () => {
    expect(failureOf(500, undefined, status({ message: 'x'.repeat(5000) })).message).toHaveLength(1024);
  });
});

describe('noAnswer', () => {
  it.each<[string, unknown, string]>([
    ['the code of the socket', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [
      'the code of the cause',
      Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }),
      'ENOTFOUND',
    ],
    ['the name of a timeout', new DOMException('late', 'TimeoutError'), 'TimeoutError'],
    ['nothing', undefined, 'Unknown'],
    ['a text', 'gone', 'Unknown'],
  ])('is called after %s', (_name, error, reason) => {
    expect(noAnswer(error)).toEqual({ status: 0, reason, message: 'the API server did not answer' });
  });

  it.each<[string, unknown, string]>([
    [
      'too large',
      Object.assign(new Error('x'), { code: 'ResponseTooLarge' }),
      'the answer of the API server is too large',
    ],
    ['not JSON', new SyntaxError('x'), 'the answer of the API server is not JSON'],
  ])('does not say that there was no answer when it was %s', (_name, error, message) => {
    expect(noAnswer(error)).toMatchObject({ status: 0, message });
  });

  it('repeats no text of the error, which may hold a secret', () => {
    expect(JSON.stringify(noAnswer(new Error('token CANARY refused')))).not.toContain('CANARY');
  });
});

it('names fields of a status as a whole, also where an older API server leaves its name out', () => {
  const failure = { status: 422, reason: 'Invalid', message: 'invalid', fields: ['bucket', 'status.region'] };
  expect(ofStatus(failure).fields).toEqual(['status.bucket', 'status.region']);
});
