import { describe, expect, it } from '@jest/globals';
import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { answerFailure, parseErrorDocument, sdkFailure } from './error-mapping.ts';

/** As the SDK makes it from an error document. */
function sdkError(code: string, httpStatus: number, more: object = {}): Error {
  return Object.assign(new Error('CANARY of the store'), {
    name: code,
    Code: code,
    $fault: 'client',
    $metadata: { httpStatusCode: httpStatus, requestId: 'REQ1' },
    ...more,
  });
}

describe('an answer of S3', () => {
  it.each<[string, number, BucketFailureKind]>([
    ['NoSuchBucket', 404, 'BucketNotFound'],
    ['NoSuchKey', 404, 'ObjectNotFound'],
    ['NotFound', 404, 'ObjectNotFound'],
    ['InvalidBucketName', 400, 'BucketNameInvalid'],
    ['InvalidAccessKeyId', 403, 'AccessKeyUnknown'],
    ['SignatureDoesNotMatch', 403, 'SignatureMismatch'],
    ['ExpiredToken', 400, 'CredentialsExpired'],
    ['AccessDenied', 403, 'AccessDenied'],
    ['AllAccessDisabled', 403, 'AccountSuspended'],
    ['UserSuspended', 403, 'AccountSuspended'],
    ['RequestTimeTooSkewed', 403, 'ClockSkewed'],
    ['PermanentRedirect', 301, 'WrongRegion'],
    ['AuthorizationHeaderMalformed', 400, 'WrongRegion'],
    ['AuthorizationQueryParametersError', 400, 'WrongRegion'],
    ['PreconditionFailed', 412, 'PreconditionFailed'],
    ['ConditionalRequestConflict', 409, 'PreconditionFailed'],
    ['NotImplemented', 501, 'NotImplemented'],
    ['XNotImplemented', 501, 'NotImplemented'],
    ['MethodNotAllowed', 405, 'NotImplemented'],
    ['SlowDown', 503, 'Throttled'],
    ['QuotaExceeded', 403, 'QuotaExceeded'],
    ['XMinioStorageFull', 507, 'QuotaExceeded'],
    ['XMinioAdminBucketQuotaExceeded', 400, 'QuotaExceeded'],
    ['InternalError', 500, 'ServiceUnavailable'],
    ['ServiceUnavailable', 503, 'ServiceUnavailable'],
    ['KMS.NotFoundException', 400, 'KmsKeyNotFound'],
    ['KMS.DisabledException', 400, 'KmsKeyDisabled'],
    ['KMS.KMSInvalidStateException', 400, 'KmsKeyDisabled'],
    ['kms:KeyNotFound', 404, 'KmsKeyNotFound'],
    ['kms:NotAuthorized', 403, 'KmsAccessDenied'],
    ['InvalidObjectState', 403, 'ObjectArchived'],
    ['ObjectLockConfigurationNotFoundError', 404, 'ObjectNotFound'],
  ])('with %s means the same from the SDK and from a plain request', (code, httpStatus, kind) => {
    const failure = { kind, httpStatus, providerCode: code };
    expect(answerFailure({ httpStatus, code })).toEqual(failure);
    expect(sdkFailure(sdkError(code, httpStatus))).toEqual({ ...failure, requestId: 'REQ1' });
  });

  it('of Ceph RGW that cannot have the key names the key, and not an argument in general', () => {
    const answer = { httpStatus: 400, code: 'InvalidArgument' };
    const message = 'Failed to retrieve the actual key, kms-keyid: no-such-key';
    expect(answerFailure({ ...answer, message }).kind).toBe('KmsKeyNotFound');
    expect(answerFailure(answer).kind).toBe('RequestRefused');
  });

  it('without a code that redirects to a region is that of S3', () => {
    const answer = { httpStatus: 301, region: 'eu-west-1' };
    expect(answerFailure(answer)).toEqual({ kind: 'WrongRegion', ...answer });
  });

  it.each<[number, BucketFailureKind]>([
    [301, 'NotAnObjectStore'],
    [307, 'NotAnObjectStore'],
    [400, 'RequestRefused'],
    [401, 'AccessDenied'],
    [403, 'AccessDenied'],
    [404, 'ObjectNotFound'],
    [405, 'NotImplemented'],
    [408, 'ServiceUnavailable'],
    [409, 'RequestRefused'],
    [412, 'PreconditionFailed'],
    [429, 'Throttled'],
    [500, 'ServiceUnavailable'],
    [501, 'NotImplemented'],
    [502, 'ServiceUnavailable'],
    [503, 'ServiceUnavailable'],
    [504, 'ServiceUnavailable'],
    [507, 'QuotaExceeded'],
    [599, 'ServiceUnavailable'],
  ])('with status %i and no code, or a strange one, is read by its status', (httpStatus, kind) => {
    expect(answerFailure({ httpStatus })).toEqual({ kind, httpStatus });
    expect(answerFailure({ httpStatus, code: 'Strange' })).toEqual({ kind, httpStatus, providerCode: 'Strange' });
    expect(answerFailure({ httpStatus, code: 'constructor' })).toMatchObject({ kind });
    // HEAD has no body: the SDK calls such an error `UnknownError`, or after its status.
    expect(sdkFailure(sdkError('UnknownError', httpStatus, { Code: undefined }))).toEqual({
      kind,
      httpStatus,
      requestId: 'REQ1',
    });
  });

  it.each<[string, string, string, BucketFailureKind]>([
    ['a key that the user may not use', 'AccessDenied', 'not authorized to perform: kms:Decrypt', 'KmsAccessDenied'],
    ['a store without KMS', 'NotImplemented', 'Server side encryption ... KMS is not configured', 'KmsNotConfigured'],
    ['words that only look alike', 'AccessDenied', 'the akms: prefix', 'AccessDenied'],
  ])('recognises by its message %s', (_, code, message, kind) => {
    expect(answerFailure({ httpStatus: 403, code, message })).toEqual({ kind, httpStatus: 403, providerCode: code });
    expect(sdkFailure(sdkError(code, 403, { message }))).toMatchObject({ kind });
  });

  it('never passes on its message', () => {
    expect(JSON.stringify(answerFailure({ httpStatus: 403, code: 'AccessDenied', message: 'CANARY' }))).not.toContain(
      'CANARY',
    );
    expect(JSON.stringify(sdkFailure(sdkError('Strange', 400, { Resource: 'CANARY' })))).not.toContain('CANARY');
  });

  it.each([
    ['a code that is a text', { code: 'root:x:0:0 <b>' }],
    ['a code without end', { code: 'A'.repeat(65) }],
    ['an empty code', { code: '' }],
    ['a request id that is a text', { requestId: 'two words' }],
    ['a request id without end', { requestId: 'A'.repeat(129) }],
    ['a region that is a text', { region: 'eu west; <b>' }],
    ['a region without end', { region: 'a'.repeat(64) }],
  ])('shows nothing of %s', (_, fields) => {
    expect(answerFailure({ httpStatus: 400, ...fields })).toEqual({ kind: 'RequestRefused', httpStatus: 400 });
  });

  it('keeps what is of the expected form', () => {
    const ids = { requestId: 'tx00000a-0068/+=:.ok', region: 'eu-west-1' };
    expect(answerFailure({ httpStatus: 301, code: 'PermanentRedirect', ...ids })).toEqual({
      kind: 'WrongRegion',
      httpStatus: 301,
      providerCode: 'PermanentRedirect',
      ...ids,
    });
  });
});

describe("the SDK's errors", () => {
  it.each([
    ['in the document', { Region: 'eu-west-1' }, 'eu-west-1'],
    ['in a header', { $response: { statusCode: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } } }, 'eu-west-1'],
    ['nowhere', {}, undefined],
    ['as a text', { Region: 'CANARY here' }, undefined],
  ])('name the region %s', (_, more, region) => {
    expect(sdkFailure(sdkError('PermanentRedirect', 301, more)).region).toBe(region);
  });

  it.each([
    ['HTML', 'Deserialization error: to see the raw response, inspect the hidden field', {}],
    ['broken XML', 'char "&" is not valid XML', {}],
    ['unclosed HTML', "Unexpected close tag 'html'", {}],
    ['JSON', 'Unexpected token < in JSON', { name: 'SyntaxError' }],
  ])('about an answer that is no document are reported as such: %s', (_, message, more) => {
    const error = sdkError('Error', 200, { Code: undefined, message, ...more });
    expect(sdkFailure(error)).toEqual({ kind: 'NotAnObjectStore', httpStatus: 200 });
  });

  it('are not taken for unreadable because of the text of the store', () => {
    const error = sdkError('AccessDenied', 403, { message: 'Unexpected token in your request, not valid XML' });
    expect(sdkFailure(error)).toMatchObject({ kind: 'AccessDenied', providerCode: 'AccessDenied' });
  });

  it('take the status of an answer that they could not read', () => {
    const error = Object.assign(new SyntaxError('CANARY'), { $metadata: {}, $response: { statusCode: 502 } });
    expect(sdkFailure(error)).toEqual({ kind: 'ServiceUnavailable', httpStatus: 502 });
  });

  it.each([
    ['a socket', Object.assign(new Error('CANARY'), { code: 'ECONNREFUSED' }), 'ConnectionRefused'],
    [
      'a socket, with empty metadata',
      Object.assign(new Error('CANARY'), { code: 'ENOTFOUND', $metadata: {} }),
      'NameNotResolved',
    ],
    ['a signal', Object.assign(new Error('CANARY'), { name: 'AbortError' }), 'DeadlineExceeded'],
    ['no error at all', 'CANARY', 'ConnectionReset'],
    ['nothing', undefined, 'ConnectionReset'],
  ])('without an answer are those of %s', (_, error, kind) => {
    const failure = sdkFailure(error);
    expect(failure.kind).toBe(kind);
    expect(JSON.stringify(failure)).not.toContain('CANARY');
  });
});

describe('an error document', () => {
  const DOCUMENT =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AuthorizationHeaderMalformed</Code>' +
    "<Message>the region 'us-east-1' is wrong; expecting 'eu-west-1'</Message><Region>eu-west-1</Region>" +
    '<RequestId>1</RequestId></Error>';

  it('is read by its code, message and region', () => {
    expect(parseErrorDocument(DOCUMENT)).toEqual({
      code: 'AuthorizationHeaderMalformed',
      message: "the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      region: 'eu-west-1',
    });
    expect(parseErrorDocument('<Error><Code>NoSuchKey</Code></Error>')).toEqual({ code: 'NoSuchKey' });
    expect(parseErrorDocument('<Error xmlns="x"><Code>KMS.NotFoundException</Code></Error>')).toEqual({
      code: 'KMS.NotFoundException',
    });
  });

  it.each([
    ['nothing', ''],
    ['HTML', '<!doctype html><html><body><h1>403 Forbidden</h1></body></html>'],
    ['HTML with a code', '<html><Code>AccessDenied</Code></html>'],
    ['JSON', '{"Code":"AccessDenied"}'],
    ['a listing', '<ListBucketResult><Name>b</Name></ListBucketResult>'],
    ['a code with markup', '<Error><Code><b>AccessDenied</b></Code></Error>'],
    ['a code that is a text', '<Error><Code>Access Denied, sorry</Code></Error>'],
    ['a code without end', `<Error><Code>${'A'.repeat(65)}</Code></Error>`],
    ['a code that never closes', `<Error><Code>${'A'.repeat(60_000)}`],
  ])('is not %s', (_, body) => {
    expect(parseErrorDocument(body)).toBeUndefined();
  });

  it('loses the fields that are too long or of another form', () => {
    const long = `<Error><Code>AccessDenied</Code><Message>${'m'.repeat(1025)}</Message><Region>EU West</Region></Error>`;
    expect(parseErrorDocument(long)).toEqual({ code: 'AccessDenied' });
  });
});
