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

it.each([
  [403, google('PERMISSION_DENIED'), 'ImpersonationDenied'],
  [404, google('NOT_FOUND'), 'ImpersonationDenied'],
  [400, google('INVALID_ARGUMENT'), 'IdentityRefused'],
  [503, google('UNAVAILABLE'), 'IdentityServiceUnavailable'],
  [404, 'nobody here', 'IdentityServiceUnavailable'],
])('IAM of Google Cloud: %i %s', (status, body, kind) => {
  expect(iamFailure('ImpersonationDenied')(status, body)).toMatchObject({ kind, httpStatus: status });
});
