import { expect, it } from '@jest/globals';
import type { PlainHttp } from '../../ports/http.ts';
import { ok } from '../../base/result.ts';
import { createSts } from './sts.ts';

/** What the SDK makes of an answer by STS. */
async function failureOf(action: string, status: number, body: string) {
  // AWS names the request in the document and in a header.
  const headers = body.includes('<RequestId>') ? { 'x-amzn-requestid': '8f2c-1' } : {};
  const answer = { status, headers, body: Buffer.from(body), route: 'direct' } as const;
  const http: PlainHttp = { send: () => Promise.resolve(ok(answer)) };
  const sts = createSts({ http, endpoint: 'https://sts.eu-central-1.amazonaws.com', region: 'eu-central-1' });
  const keys = { accessKeyId: 'id', secretAccessKey: 'secret' };
  const called = await (action === 'AssumeRole'
    ? sts.assumeRole(keys, { roleArn: 'role' })
    : sts.assumeRoleWithWebIdentity('role', 'token'));
  return called.ok ? undefined : called.error;
}

const refusal = (code: string, message = 'User: arn:aws:iam::1:user/secret is not authorized') =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  `<Message>${message}</Message></Error><RequestId>8f2c-1</RequestId></ErrorResponse>`;

it.each([
  ['AssumeRole', 403, 'AccessDenied', 'RoleNotAssumable'],
  ['AssumeRoleWithWebIdentity', 403, 'AccessDenied', 'WebIdentityNotTrusted'],
  ['AssumeRoleWithWebIdentity', 400, 'InvalidIdentityToken', 'IssuerNotTrusted'],
  ['AssumeRoleWithWebIdentity', 403, 'IDPRejectedClaim', 'IssuerNotTrusted'],
  ['AssumeRoleWithWebIdentity', 400, 'IDPCommunicationError', 'IdentityServiceUnavailable'],
  ['AssumeRoleWithWebIdentity', 400, 'ExpiredTokenException', 'IdentityRefused'],
  ['AssumeRole', 403, 'InvalidClientTokenId', 'AccessKeyUnknown'],
  ['AssumeRole', 403, 'SignatureDoesNotMatch', 'SignatureMismatch'],
  ['AssumeRole', 403, 'RegionDisabledException', 'IdentityRefused'],
  ['AssumeRole', 400, 'ValidationError', 'IdentityRefused'],
  ['AssumeRole', 400, 'Throttling', 'IdentityServiceUnavailable'],
  ['AssumeRole', 500, 'InternalFailure', 'IdentityServiceUnavailable'],
  ['AssumeRole', 403, 'toString', 'IdentityRefused'],
])('STS: %s, %i %s is %s', async (action, status, code, kind) => {
  expect(await failureOf(action, status, refusal(code))).toEqual({
    kind,
    httpStatus: status,
    providerCode: code,
    requestId: '8f2c-1',
  });
});

it.each([
  'Signature expired: 20261127T100000Z is now earlier than 20261127T105500Z (20261127T110000Z - 5 min.)',
  'Signature not yet current: 20261127T120000Z is still later than 20261127T110500Z (20261127T110000Z + 5 min.)',
])('takes a clock that is off for no wrong key: %s', async (message) => {
  expect(await failureOf('AssumeRole', 403, refusal('SignatureDoesNotMatch', message))).toMatchObject({
    kind: 'ClockSkewed',
  });
});

it.each([
  ['the page of a proxy', 403, '<html><Code>a secret text</Code></html>'],
  ['a body that is cut', 200, '<AssumeRoleResponse><AssumeRoleResult>'],
  ['an empty answer', 200, ''],
  ['an answer of another server', 200, '<html></html>'],
])('takes %s for what it is, and repeats nothing of it', async (_, status, body) => {
  expect(await failureOf('AssumeRole', status, body)).toEqual({
    kind: 'IdentityServiceUnavailable',
    httpStatus: status,
  });
});
