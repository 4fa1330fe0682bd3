import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '../../base/secret.ts';
import { issuerOf } from './token-issuer.ts';

const tokenOf = (payload: string): Secret<string> => new Secret(`e30.${Buffer.from(payload).toString('base64url')}.x`);

it.each([
  ['https://oidc.eks.eu-central-1.amazonaws.com/id/ABC', true],
  ['https://kubernetes.default.svc', true],
  ['https://evil.example/"}', false],
  ['file:///etc/passwd', false],
])('%s', (iss, isTaken) => {
  expect(issuerOf(tokenOf(JSON.stringify({ iss })))).toBe(isTaken ? iss : undefined);
});

it('never throws, whatever the token holds (property)', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect([issuerOf(tokenOf(text)), issuerOf(new Secret(text))]).toEqual([undefined, undefined]);
    }),
  );
});
