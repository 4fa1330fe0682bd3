import { expect, it } from '@jest/globals';
import { stsFailure } from './sts-failure.ts';

const answer = (status: number, body: string) => ({ status, headers: {}, body: Buffer.from(body), route: 'direct' });
const refusal = (code: string) =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  `<Message>User: arn:aws:iam::1:user/secret is not authorized</Message></Error><RequestId>8f2c-1</RequestId></ErrorResponse>`;

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
])('STS: %s, %i %s is %s', (action, status, code, kind) => {
  expect(stsFailure(action, answer(status, refusal(code)))).toEqual({
    kind,
    httpStatus: status,
    providerCode: code,
    requestId: '8f2c-1',
  });
});

it('takes the page of a proxy for what it is, and repeats nothing of it', () => {
  const failure = stsFailure('AssumeRole', answer(403, '<html><Code>a secret text</Code></html>'));
  expect(failure).toEqual({ kind: 'IdentityServiceUnavailable', httpStatus: 403 });
});
