import { describe, expect, it } from '@jest/globals';
import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { answerFailure, sdkFailure } from './error-mapping.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function read({ status, headers = {}, body = '' }: Answer) {
  return answerFailure({ httpStatus: status, header: (name) => headers[name], text: body });
}

function coded(status: number, code: string, body = ''): Answer {
  return { status, headers: { 'x-ms-error-code': code, 'x-ms-request-id': 'r-1' }, body };
}

function document(code: string, message: string, more = ''): string {
  return `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}\nRequestId:r-1\nTime:2026-01-01T00:00:00Z</Message>${more}</Error>`;
}

const detail = (text: string) => `<AuthenticationErrorDetail>${text}</AuthenticationErrorDetail>`;

describe("Azure's error codes", () => {
  it.each<[number, string, BucketFailureKind]>([
    [403, 'AuthenticationFailed', 'SignatureMismatch'],
    [403, 'KeyBasedAuthenticationNotPermitted', 'SharedKeyDisabled'],
    [403, 'AccountIsDisabled', 'AccountSuspended'],
    [403, 'AuthorizationFailure', 'AccessDenied'],
    [403, 'AuthorizationPermissionMismatch', 'AccessDenied'],
    [403, 'AuthorizationProtocolMismatch', 'AccessDenied'],
    [403, 'AuthorizationResourceTypeMismatch', 'AccessDenied'],
    [403, 'AuthorizationServiceMismatch', 'AccessDenied'],
    [403, 'AuthorizationSourceIPMismatch', 'AccessDenied'],
    [403, 'InsufficientAccountPermissions', 'AccessDenied'],
    [401, 'NoAuthenticationInformation', 'AccessDenied'],
    [409, 'PublicAccessNotPermitted', 'AccessDenied'],
    [409, 'BlobImmutableDueToPolicy', 'ObjectRetained'],
    [404, 'ContainerNotFound', 'BucketNotFound'],
    [404, 'ResourceNotFound', 'BucketNotFound'],
    [409, 'ContainerBeingDeleted', 'ServiceUnavailable'],
    [400, 'InvalidResourceName', 'BucketNameInvalid'],
    [404, 'BlobNotFound', 'ObjectNotFound'],
    [409, 'BlobAlreadyExists', 'PreconditionFailed'],
    [412, 'ConditionNotMet', 'PreconditionFailed'],
    [412, 'LeaseIdMissing', 'PreconditionFailed'],
    [405, 'UnsupportedHttpVerb', 'NotImplemented'],
    [400, 'UnsupportedHeader', 'NotImplemented'],
    [409, 'FeatureVersionMismatch', 'NotImplemented'],
    [403, 'KeyVaultEncryptionKeyNotFound', 'KmsKeyNotFound'],
    [403, 'KeyVaultAccessTokenCannotBeAcquired', 'KmsAccessDenied'],
    [503, 'ServerBusy', 'Throttled'],
    [500, 'InternalError', 'ServiceUnavailable'],
    [500, 'OperationTimedOut', 'ServiceUnavailable'],
    [400, 'AccountRequiresHttps', 'RequestRefused'],
    [400, 'InvalidHeaderValue', 'RequestRefused'],
    [409, 'SnapshotsPresent', 'RequestRefused'],
    [403, 'ACodeOfTomorrow', 'AccessDenied'],
  ])('reads %i %s as %s', (status, code, kind) => {
    const expected = { kind, httpStatus: status, providerCode: code, requestId: 'r-1' };
    expect(read(coded(status, code))).toEqual(expected);
    const inBody = { status, headers: { 'x-ms-request-id': 'r-1' }, body: document(code, 'A sentence.') };
    expect(read(inBody)).toEqual(expected);
  });

  it.each<[number, BucketFailureKind]>([
    [400, 'RequestRefused'],
    [403, 'AccessDenied'],
    [404, 'ObjectNotFound'],
    [405, 'NotImplemented'],
    [408, 'ServiceUnavailable'],
    [412, 'PreconditionFailed'],
    [429, 'Throttled'],
    [500, 'ServiceUnavailable'],
    [502, 'ServiceUnavailable'],
    [503, 'ServiceUnavailable'],
    [507, 'QuotaExceeded'],
  ])('reads a bare %i as %s', (status, kind) => {
    const answer = { status, headers: { 'x-ms-request-id': 'r-1' } };
    expect(read(answer)).toEqual({ kind, httpStatus: status, requestId: 'r-1' });
  });

  it.each([
    "Request date header too old: 'Wed, 01 Jan 2026 00:00:00 GMT'",
    'Signature not valid in the specified time frame: Start [] - Expiry [a] - Current [b]',
  ])('distinguishes a wrong clock from a wrong key: %s', (text) => {
    const body = document('AuthenticationFailed', 'Server failed to authenticate the request.', detail(text));
    expect(read(coded(403, 'AuthenticationFailed', body)).kind).toBe('ClockSkewed');
  });

  it('takes a signature that differs for a wrong key', () => {
    const text = "The MAC signature found in the HTTP request 'abc=' is not the same as any computed signature.";
    const body = document('AuthenticationFailed', 'Server failed to authenticate the request.', detail(text));
    expect(read(coded(403, 'AuthenticationFailed', body)).kind).toBe('SignatureMismatch');
  });

  it("distinguishes Azurite's wrong key from Azure's firewall, which have the same code", () => {
    const azurite = document('AuthorizationFailure', 'Server failed to authenticate the request. Make sure that');
    expect(read(coded(403, 'AuthorizationFailure', azurite)).kind).toBe('SignatureMismatch');
    const azure = document('AuthorizationFailure', 'This request is not authorized to perform this operation.');
    expect(read(coded(403, 'AuthorizationFailure', azure)).kind).toBe('AccessDenied');
  });
});

describe('answers of others', () => {
  it.each<[string, Answer]>([
    ['a page', { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>login</html>' }],
    ['a redirect', { status: 302, headers: { location: 'https://login.example/' } }],
    ['a success', { status: 200, headers: { 'content-type': 'text/plain' } }],
    ['a 404 without a request id', { status: 404, body: 'nothing here' }],
  ])('does not take %s for that of a Blob service', (_name, answer) => {
    expect(read(answer)).toEqual({ kind: 'NotAnObjectStore', httpStatus: answer.status });
  });

  it('leaves a load balancer in trouble what it is', () => {
    expect(read({ status: 503, body: 'upstream' })).toEqual({ kind: 'ServiceUnavailable', httpStatus: 503 });
  });

  it('bounds what it passes on, and passes on nothing but codes and ids', () => {
    const long = 'x'.repeat(5000);
    const failure = read({
      status: 403,
      headers: { 'x-ms-error-code': `${long} <b>`, 'x-ms-request-id': long },
      body: document('AuthenticationFailed', 'sig=c2VjcmV0', detail("used 'SharedKey account:c2VjcmV0'")),
    });
    expect(failure).toEqual({ kind: 'AccessDenied', httpStatus: 403, requestId: 'x'.repeat(128) });
  });

  it('passes on no request id that has not the form of one', () => {
    const headers = { 'x-ms-error-code': 'ContainerNotFound', 'x-ms-request-id': '<b>see https://login.example</b>' };
    expect(read({ status: 404, headers })).not.toHaveProperty('requestId');
  });
});

describe("the SDK's errors", () => {
  const headers = (all: Readonly<Record<string, string>>) => ({ get: (name: string) => all[name] });

  it('reads the answer that the SDK read, the header before the document', () => {
    const response = {
      status: 404,
      headers: headers({ 'x-ms-error-code': 'ContainerNotFound', 'x-ms-request-id': 'r-2' }),
      bodyAsText: document('Other', 'secret sentence'),
    };
    expect(sdkFailure({ name: 'RestError', statusCode: 404, code: 'Other', message: 'secret', response })).toEqual({
      kind: 'BucketNotFound',
      httpStatus: 404,
      providerCode: 'ContainerNotFound',
      requestId: 'r-2',
    });
  });

  it('takes a success that the SDK could not read for that of another server', () => {
    const response = { status: 200, headers: headers({ 'content-type': 'application/xml' }), bodyAsText: '<a' };
    const unreadable = { name: 'RestError', code: 'PARSE_ERROR', statusCode: 200, response };
    expect(sdkFailure(unreadable)).toEqual({ kind: 'NotAnObjectStore', httpStatus: 200 });
    expect(sdkFailure({ name: 'RestError', statusCode: 200 })).toEqual({ kind: 'NotAnObjectStore', httpStatus: 200 });
    expect(sdkFailure(new TypeError('blobItems of undefined'))).toEqual({ kind: 'NotAnObjectStore' });
  });

  it.each<[string, BucketFailureKind]>([
    ['ENOTFOUND', 'NameNotResolved'],
    ['ECONNREFUSED', 'ConnectionRefused'],
    ['ENDPOINT_FORBIDDEN', 'EndpointForbidden'],
    ['RESPONSE_TOO_LARGE', 'ResponseTooLarge'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TlsUntrusted'],
  ])('reads the socket below it: %s is %s', (code, kind) => {
    const socket = Object.assign(new Error('a socket'), { code });
    expect(sdkFailure(socket)).toEqual({ kind, providerCode: code });
    expect(sdkFailure(Object.assign(new Error('wrapped'), { name: 'RestError', cause: socket })).kind).toBe(kind);
  });

  it('passes on what our own client saw when there was no answer', () => {
    const failure = { kind: 'EndpointForbidden' } as const;
    expect(sdkFailure(Object.assign(new Error('no answer'), { failure }))).toEqual(failure);
  });

  it('takes an abort for a deadline', () => {
    expect(sdkFailure({ name: 'AbortError' }).kind).toBe('DeadlineExceeded');
  });
});
