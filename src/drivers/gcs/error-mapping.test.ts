import { describe, expect, it } from '@jest/globals';
import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { PlainResponse } from '../../ports/http.ts';
import { explainAnswer } from './answers.ts';
import { answerFailure, meansTaken, parseErrorDocument, type GcsAnswer } from './error-mapping.ts';

describe('what a code of GCS means', () => {
  it.each<[number, string, BucketFailureKind]>([
    [401, 'authError', 'CredentialsInvalid'],
    [401, 'required', 'CredentialsInvalid'],
    [401, 'UNAUTHENTICATED', 'CredentialsInvalid'],
    [401, 'AuthenticationRequired', 'CredentialsInvalid'],
    [400, 'required', 'RequestRefused'],
    [403, 'forbidden', 'AccessDenied'],
    [403, 'AccessDenied', 'AccessDenied'],
    [403, 'insufficientPermissions', 'AccessDenied'],
    [403, 'PERMISSION_DENIED', 'AccessDenied'],
    [403, 'SignatureDoesNotMatch', 'SignatureMismatch'],
    [400, 'ExpiredToken', 'CredentialsExpired'],
    [403, 'RequestTimeTooSkewed', 'ClockSkewed'],
    [403, 'accountDisabled', 'AccountSuspended'],
    [403, 'AccountProblem', 'AccountSuspended'],
    [403, 'UserProjectAccountProblem', 'AccountSuspended'],
    [400, 'userProjectMissing', 'RequesterPays'],
    [401, 'AuthenticationRequiredRequesterPays', 'RequesterPays'],
    [403, 'usageLimitsAccessNotConfigured', 'ApiDisabled'],
    [403, 'retentionPolicyNotMet', 'ObjectRetained'],
    [403, 'objectUnderActiveHold', 'ObjectRetained'],
    [404, 'NoSuchBucket', 'BucketNotFound'],
    [404, 'NoSuchKey', 'ObjectNotFound'],
    [400, 'InvalidBucketName', 'BucketNameInvalid'],
    [412, 'conditionNotMet', 'PreconditionFailed'],
    [412, 'PreconditionFailed', 'PreconditionFailed'],
    [412, 'orgPolicyConstraintFailed', 'RequestRefused'],
    [429, 'rateLimitExceeded', 'Throttled'],
    [403, 'userRateLimitExceeded', 'Throttled'],
    [429, 'RESOURCE_EXHAUSTED', 'Throttled'],
    [403, 'quotaExceeded', 'QuotaExceeded'],
    [400, 'cloudKmsDisabledKey', 'KmsKeyDisabled'],
    [400, 'CloudKmsEncryptionKeyNotFound', 'KmsKeyNotFound'],
    [500, 'backendError', 'ServiceUnavailable'],
    [503, 'ServiceUnavailable', 'ServiceUnavailable'],
    [405, 'methodNotAllowed', 'NotImplemented'],
    [400, 'somethingNew', 'RequestRefused'],
    [502, 'somethingNew', 'ServiceUnavailable'],
    [400, 'constructor', 'RequestRefused'],
  ])('%i %s: %s', (httpStatus, code, kind) => {
    expect(answerFailure({ httpStatus, code })).toEqual({ kind, httpStatus, providerCode: code });
  });

  it.each<[number, BucketFailureKind]>([
    [401, 'CredentialsInvalid'],
    [403, 'AccessDenied'],
    [404, 'ObjectNotFound'],
    [408, 'ServiceUnavailable'],
    [412, 'PreconditionFailed'],
    [429, 'Throttled'],
    [501, 'NotImplemented'],
    [504, 'ServiceUnavailable'],
    [418, 'RequestRefused'],
  ])('reads a bare %i as %s, as answers to HEAD are', (httpStatus, kind) => {
    expect(answerFailure({ httpStatus }).kind).toBe(kind);
  });

  it.each<[string, BucketFailureKind]>([
    ['The specified bucket does not exist.', 'BucketNotFound'],
    ['No such object: acme/a/b', 'ObjectNotFound'],
    ['Not Found', 'BucketNotFound'],
  ])('finds in the message of a 404 what is missing: %s', (message, kind) => {
    expect(answerFailure({ httpStatus: 404, code: 'notFound', message }, 'BucketNotFound').kind).toBe(kind);
  });

  it('distinguishes a denied KMS key from a denied object', () => {
    const message = 'Permission denied on Cloud KMS key. Please ensure that your service account may use it.';
    expect(answerFailure({ httpStatus: 403, code: 'forbidden', message }).kind).toBe('KmsAccessDenied');
  });

  it('takes a refusal that names the permission to delete for an existing key', () => {
    const answer: GcsAnswer = {
      httpStatus: 403,
      code: 'forbidden',
      message: 'x does not have storage.objects.delete access',
    };
    expect(meansTaken(answer)).toBe(true);
    expect(meansTaken({ ...answer, message: 'x does not have storage.objects.create access' })).toBe(false);
  });

  it('keeps codes and request ids short', () => {
    const failure = answerFailure({ httpStatus: 400, code: 'x'.repeat(999), requestId: 'y'.repeat(999) });
    expect([failure.providerCode?.length, failure.requestId?.length]).toEqual([64, 128]);
  });
});

describe('the documents in which GCS refuses', () => {
  it('are read in the form of the JSON API', () => {
    const error = {
      code: 401,
      message: 'Invalid Credentials',
      errors: [{ reason: 'authError' }],
      status: 'UNAUTHENTICATED',
    };
    expect(parseErrorDocument(JSON.stringify({ error }))).toEqual({
      code: 'authError',
      message: 'Invalid Credentials',
    });
    expect(parseErrorDocument(JSON.stringify({ error: { ...error, errors: undefined } }))?.code).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('are read in the form of the XML API', () => {
    const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>AccessDenied</Code><Message>Access denied.</Message><Details>no storage.objects.get</Details></Error>`;
    expect(parseErrorDocument(body)).toEqual({
      code: 'AccessDenied',
      message: 'Access denied. no storage.objects.get',
    });
  });

  it.each([
    '',
    'No such object: acme/a',
    '<html><body>Sign in</body></html>',
    '{"error":"invalid_grant"}',
    '{"error":null}',
    '[]',
    '<Error><Code>two words</Code></Error>',
    `<Error><Code>${'x'.repeat(65)}</Code></Error>`,
  ])('are not seen in %j', (body) => {
    expect(parseErrorDocument(body)).toBeUndefined();
  });

  it('give no code that is not one', () => {
    const error = { code: 400, errors: [{ reason: 'a secret, perhaps' }] };
    expect(parseErrorDocument(JSON.stringify({ error }))).toEqual({ message: '' });
  });
});

describe('an answer', () => {
  function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): PlainResponse {
    return { status, headers, body: Buffer.from(body), route: 'direct' };
  }

  it.each<[string, PlainResponse]>([
    ['a login page', answer(403, '<html>Sign in</html>', { 'content-type': 'text/html' })],
    ['a redirect', answer(302, '', { location: 'https://elsewhere.example' })],
    ['a success that should have been something else', answer(200, 'fine')],
  ])('of another server is distinguished from one of GCS: %s', (_name, response) => {
    expect(explainAnswer(response)).toEqual({ kind: 'NotAnObjectStore', httpStatus: response.status });
  });

  it('to a download is plain text of type HTML, and still of GCS', () => {
    const headers = { 'content-type': 'text/html; charset=UTF-8', 'x-guploader-uploadid': 'ABC' };
    expect(explainAnswer(answer(404, 'No such object: acme/a', headers))).toEqual({
      kind: 'ObjectNotFound',
      httpStatus: 404,
      requestId: 'ABC',
    });
  });

  it('hands on no request id that has not the form of one', () => {
    expect(explainAnswer(answer(503, '', { 'x-guploader-uploadid': 'a secret, perhaps' }))).toEqual({
      kind: 'ServiceUnavailable',
      httpStatus: 503,
    });
  });

  it('never passes on text of the store', () => {
    const body = JSON.stringify({ error: { code: 403, message: 'the-secret', errors: [{ reason: 'forbidden' }] } });
    expect(JSON.stringify(explainAnswer(answer(403, body)))).not.toContain('the-secret');
  });
});
