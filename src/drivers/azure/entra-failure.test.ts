import { expect, it } from '@jest/globals';
import { entraFailure } from './entra-failure.ts';

const refusal = (code: unknown): string =>
  JSON.stringify({ error: 'invalid_client', error_description: 'a secret detail', error_codes: [code] });

it.each([
  [401, 70021, 'FederatedCredentialMissing'],
  [401, 700211, 'FederatedCredentialMissing'],
  [401, 700212, 'FederatedCredentialMissing'],
  [401, 700213, 'FederatedCredentialMissing'],
  [400, 700016, 'IdentityNotFound'],
  [400, 90002, 'IdentityNotFound'],
  [400, 900023, 'IdentityNotFound'],
  [401, 700024, 'IdentityRefused'],
  [401, 7000112, 'IdentityRefused'],
  [503, 90033, 'IdentityServiceUnavailable'],
  [429, 1, 'IdentityServiceUnavailable'],
])('Entra: %i AADSTS%i is %s', (httpStatus, code, kind) => {
  expect(entraFailure(httpStatus, refusal(code))).toEqual({ kind, httpStatus, providerCode: `AADSTS${String(code)}` });
});

it.each(['<html>', '{}', 'null', refusal('a text'), refusal(1.5), '{"error_codes":{}}'])(
  'takes %j for no Entra',
  (body) => {
    expect(entraFailure(403, body)).toEqual({ kind: 'IdentityServiceUnavailable', httpStatus: 403 });
  },
);
