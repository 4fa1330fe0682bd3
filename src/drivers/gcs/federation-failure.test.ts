import { expect, it } from '@jest/globals';
import { iamFailure, stsFailure } from './federation-failure.ts';

const oauth = (error: string): string => JSON.stringify({ error, error_description: 'a secret detail' });
const google = (status: string): string => JSON.stringify({ error: { code: 1, status, message: 'a secret detail' } });

it.each([
  [400, oauth('invalid_grant'), 'IdentityPoolMisconfigured', 'invalid_grant'],
  [400, oauth('invalid_target'), 'IdentityPoolMisconfigured', 'invalid_target'],
  [400, oauth('invalid_request'), 'IdentityPoolMisconfigured', 'invalid_request'],
  [401, oauth('unauthorized_client'), 'IdentityPoolMisconfigured', 'unauthorized_client'],
  [400, oauth('toString'), 'IdentityRefused', 'toString'],
  [403, google('PERMISSION_DENIED'), 'IdentityRefused', 'PERMISSION_DENIED'],
  [500, oauth('internal_failure'), 'IdentityServiceUnavailable', 'internal_failure'],
  [429, google('RESOURCE_EXHAUSTED'), 'IdentityServiceUnavailable', 'RESOURCE_EXHAUSTED'],
  [403, '<html>a proxy</html>', 'IdentityServiceUnavailable', undefined],
])('STS of Google Cloud: %i %s', (status, body, kind, providerCode) => {
  expect(stsFailure(status, body)).toEqual({
    kind,
    httpStatus: status,
    ...(providerCode !== undefined && { providerCode }),
  });
});

const because = (reason: string, message = 'a secret detail'): string =>
  JSON.stringify({ error: { code: 403, status: 'PERMISSION_DENIED', message, details: [{}, { reason }] } });
const says = (message: string): string =>
  JSON.stringify({ error: { code: 403, status: 'PERMISSION_DENIED', message } });
const OFF = 'IAM Service Account Credentials API has not been used in project 7 before or it is disabled.';
const PERIMETER = "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: a1b2";

it.each([
  ['the API is off', because('SERVICE_DISABLED'), 'IdentityApiDisabled', 'SERVICE_DISABLED'],
  ['the API is off, without a reason', says(OFF), 'IdentityApiDisabled', 'SERVICE_DISABLED'],
  ['a perimeter', because('SECURITY_POLICY_VIOLATED'), 'NetworkDenied', 'SECURITY_POLICY_VIOLATED'],
  ['a perimeter, without a reason', says(PERIMETER), 'NetworkDenied', 'SECURITY_POLICY_VIOLATED'],
  ['a project without billing', because('BILLING_DISABLED'), 'AccountSuspended', 'BILLING_DISABLED'],
])('no grant helps where Google Cloud refuses because of %s', (_, body, kind, providerCode) => {
  for (const fail of [stsFailure, iamFailure('ImpersonationDenied'), iamFailure('UrlSigningDenied')]) {
    expect(fail(403, body)).toEqual({ kind, httpStatus: 403, providerCode });
  }
});

it('takes a permission of IAM that is missing for what it is', () => {
  const failure = iamFailure('ImpersonationDenied')(403, because('IAM_PERMISSION_DENIED'));
  expect(failure).toMatchObject({ kind: 'ImpersonationDenied', providerCode: 'PERMISSION_DENIED' });
});

it.each([
  [403, google('PERMISSION_DENIED'), 'ImpersonationDenied'],
  [404, google('NOT_FOUND'), 'ImpersonationDenied'],
  [400, google('INVALID_ARGUMENT'), 'IdentityRefused'],
  [503, google('UNAVAILABLE'), 'IdentityServiceUnavailable'],
  [404, 'nobody here', 'IdentityServiceUnavailable'],
])('IAM of Google Cloud: %i %s', (status, body, kind) => {
  expect(iamFailure('ImpersonationDenied')(status, body)).toMatchObject({ kind, httpStatus: status });
});
