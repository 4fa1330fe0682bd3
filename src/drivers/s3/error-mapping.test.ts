import { describe, expect, it } from '@jest/globals';
import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { PlainResponse } from '../../ports/http.ts';
import { answerFailure, parseErrorDocument, plainFailure, signedFailure } from './error-mapping.ts';

/** The answer to a signed request. */
function answered(status: number, body: string, headers: PlainResponse['headers'] = {}): PlainResponse {
  return { status, headers: { 'x-amz-request-id': 'REQ1', ...headers }, body: Buffer.from(body), route: 'direct' };
}

function errorDocument(code: string, fields: Readonly<Record<string, string>> = {}): string {
  const others = Object.entries(fields).map(([name, text]) => `<${name}>${text.replaceAll('<', '&lt;')}</${name}>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code>${others.join('')}</Error>`;
}

describe('an answer of S3', () => {
  it.each<[string, number, BucketFailureKind]>([
    ['NoSuchBucket', 404, 'BucketNotFound'],
    ['NoSuchKey', 404, 'ObjectNotFound'],
    ['Unauthorized', 401, 'CredentialsInvalid'],
    ['InvalidSecurity', 403, 'CredentialsInvalid'],
    ['UserDisable', 403, 'AccountSuspended'],
    ['SecondLevelDomainForbidden', 403, 'AddressingRefused'],
    ['EntityTooLarge', 400, 'BodyTooLarge'],
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
  ])('with %s means the same to a signed request and to a plain one', (code, httpStatus, kind) => {
    const failure = { kind, httpStatus, providerCode: code };
    expect(answerFailure({ httpStatus, code })).toEqual(failure);
    const answer = answered(httpStatus, errorDocument(code));
    expect(signedFailure(answer)).toEqual({ ...failure, requestId: 'REQ1' });
    expect(plainFailure(answer)).toEqual({ ...failure, requestId: 'REQ1' });
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
    [401, 'CredentialsInvalid'],
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
    // As of HEAD, which has no body.
    expect(signedFailure(answered(httpStatus, ''))).toEqual({
      kind,
      httpStatus,
      requestId: 'REQ1',
      ...(httpStatus === 404 && { providerCode: 'NotFound' }),
    });
  });

  it.each<[string, string, string, BucketFailureKind]>([
    ['a key that the user may not use', 'AccessDenied', 'not authorized to perform: kms:Decrypt', 'KmsAccessDenied'],
    ['a store without KMS', 'NotImplemented', 'Server side encryption ... KMS is not configured', 'KmsNotConfigured'],
    ['an unknown access key (Garage)', 'AccessDenied', 'Forbidden: No such key: GK0123456789', 'AccessKeyUnknown'],
    ['words that only look alike', 'AccessDenied', 'the akms: prefix', 'AccessDenied'],
    [
      'another region (AWS)',
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region 'aws-global' is wrong; expecting 'us-east-1'",
      'WrongRegion',
    ],
    [
      'another region (AWS, in a URL)',
      'AuthorizationQueryParametersError',
      "Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      'WrongRegion',
    ],
    [
      'another region (Garage)',
      'AuthorizationHeaderMalformed',
      'Authorization header malformed, unexpected scope: 20260101/eu/s3/aws4_request',
      'WrongRegion',
    ],
    [
      'a key id that holds a slash (AWS)',
      'AuthorizationQueryParametersError',
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "&lt;YOUR-AKID&gt;/YYYYMMDD/REGION/SERVICE/aws4_request".',
      'AccessKeyUnknown',
    ],
    [
      'a URL without all of its parameters (AWS)',
      'AuthorizationQueryParametersError',
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      'RequestRefused',
    ],
    [
      'a bucket without CORS rules (AWS)',
      'AccessForbidden',
      'CORSResponse: CORS is not enabled for this bucket.',
      'AccessDenied',
    ],
    [
      'CORS rules of which none matches (AWS)',
      'AccessForbidden',
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      'CorsRuleMismatch',
    ],
  ])('recognises by its message %s', (_, code, message, kind) => {
    expect(answerFailure({ httpStatus: 403, code, message })).toEqual({ kind, httpStatus: 403, providerCode: code });
    expect(signedFailure(answered(403, errorDocument(code, { Message: message })))).toMatchObject({ kind });
  });

  it('never passes on its message', () => {
    expect(JSON.stringify(answerFailure({ httpStatus: 403, code: 'AccessDenied', message: 'CANARY' }))).not.toContain(
      'CANARY',
    );
    const strange = errorDocument('Strange', { Message: 'CANARY', Resource: 'CANARY' });
    expect(JSON.stringify(signedFailure(answered(400, strange)))).not.toContain('CANARY');
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

describe('an error answer to a signed request', () => {
  it.each<[string, Readonly<Record<string, string>>, PlainResponse['headers'], string | undefined]>([
    ['in the document', { Region: 'eu-west-1' }, {}, 'eu-west-1'],
    ['of a store that writes it in capitals', { Region: 'RegionOne' }, {}, 'RegionOne'],
    ['in a header', {}, { 'x-amz-bucket-region': 'eu-west-1' }, 'eu-west-1'],
    ['nowhere', {}, {}, undefined],
    ['as a text', { Region: 'CANARY here' }, {}, undefined],
  ])('names the region %s', (_, fields, headers, region) => {
    expect(signedFailure(answered(301, errorDocument('PermanentRedirect', fields), headers)).region).toBe(region);
  });

  it('names where a redirect leads, by its document before its header', () => {
    const headers = { location: 'https://login.example/?token=CANARY' };
    expect(signedFailure(answered(307, '', headers)).endpoint).toBe('https://login.example');
    const document = errorDocument('TemporaryRedirect', { Endpoint: 'omega.s3.eu-west-1.example' });
    expect(signedFailure(answered(307, document, headers)).endpoint).toBe('https://omega.s3.eu-west-1.example');
  });

  it.each([
    ['HTML', '<!doctype html><html><head><meta charset="utf-8"><title>403</title></html>'],
    ['broken XML', '<Error><Code>AccessDenied</Error>'],
    ['XML that ends nowhere', '<a>'.repeat(20_000)],
    ['JSON', '{"Code":"AccessDenied"}'],
    ['a text', 'AccessDenied'],
  ])('is of no store where its body is %s', (_, body) => {
    expect(signedFailure(answered(403, body))).toEqual({ kind: 'NotAnObjectStore', httpStatus: 403 });
    expect(signedFailure(answered(502, body))).toEqual({ kind: 'ServiceUnavailable', httpStatus: 502 });
  });

  it('is of no store where it is a web page in XML without the id of a request', () => {
    const page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>Blocked</body></html>';
    const blocked = { ...answered(403, page), headers: {} };
    expect(signedFailure(blocked)).toEqual({ kind: 'NotAnObjectStore', httpStatus: 403 });
    expect(signedFailure({ ...blocked, status: 504 })).toEqual({ kind: 'ServiceUnavailable', httpStatus: 504 });
  });

  it('is read by its status where the document has no code', () => {
    expect(signedFailure(answered(403, '<html><Code><b>AccessDenied</b></Code></html>'))).toEqual({
      kind: 'AccessDenied',
      httpStatus: 403,
      requestId: 'REQ1',
    });
  });

  it('takes the id of the request from the document where no header has it', () => {
    const document = errorDocument('AccessDenied', { RequestId: 'tx-1' });
    const answer = { ...answered(403, document), headers: {} };
    expect(signedFailure(answer)).toMatchObject({ requestId: 'tx-1' });
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

  it('names the endpoint that it sends to', () => {
    const document = '<Error><Code>PermanentRedirect</Code><Endpoint>omega.s3.eu-west-1.example</Endpoint></Error>';
    expect(answerFailure({ httpStatus: 301, ...parseErrorDocument(document) })).toEqual({
      kind: 'WrongRegion',
      httpStatus: 301,
      providerCode: 'PermanentRedirect',
      endpoint: 'https://omega.s3.eu-west-1.example',
    });
    expect(answerFailure({ httpStatus: 301, code: 'PermanentRedirect', endpoint: 'a text' })).not.toHaveProperty(
      'endpoint',
    );
  });

  it('loses the fields that are too long or of another form', () => {
    const long = `<Error><Code>AccessDenied</Code><Message>${'m'.repeat(1025)}</Message><Region>EU West</Region></Error>`;
    expect(parseErrorDocument(long)).toEqual({ code: 'AccessDenied' });
  });
});
