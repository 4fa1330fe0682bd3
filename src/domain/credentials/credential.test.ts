import { describe, expect, it } from '@jest/globals';
import { credentialDigest, fingerprintedKey, principalOfKey } from './credential.ts';
import { Secret } from '../../base/secret.ts';
import { principalOf } from './sign-in.ts';
import type { Credential } from './credential-types.ts';

const SALT = new Secret('00112233445566778899aabbccddeeff');
const accessKey = (accessKeyId: string, secret = 'hidden'): Credential => ({
  kind: 'AccessKey',
  accessKeyId,
  secretAccessKey: new Secret(secret),
});
const shown = (credential: Credential, salt = SALT): string =>
  fingerprintedKey(credential, credentialDigest(salt, credential));

it('has another digest under another salt, also for a key that two instances use', () => {
  const key = accessKey('AKIAIOSFODNN7EXAMPLE');
  const salts = [SALT, new Secret('ffeeddccbbaa99887766554433221100'), SALT];
  const [first, other, again] = salts.map((salt) => credentialDigest(salt, key));
  expect(other).not.toBe(first);
  expect(again).toBe(first);
});

describe('a key, for display', () => {
  it('with a long id shows its ends, and no fingerprint', () => {
    expect(principalOf(accessKey('AKIAIOSFODNN7EXAMPLE'), SALT)).toBe('access key AKIA***MPLE');
  });

  it.each([
    ['Alibaba Cloud', 'LTAI5tFoDtTqTTBSR2gGHe2K', 'LTAI***He2K'],
    ['Garage', 'GK31c2f218a2e44f485b94239e', 'GK31***239e'],
  ])('with an id in the form of %s shows its ends', (_, id, masked) => {
    expect(principalOf(accessKey(id), SALT)).toBe(`access key ${masked}`);
  });

  it('with a short id has a fingerprint, which distinguishes two ids with the same mask', () => {
    const [one, two] = [accessKey('omega-1'), accessKey('omega-2')].map((key) => principalOf(key, SALT));
    expect(one).toMatch(/^access key \*\*\* \(fingerprint [0-9a-f]{8}\)$/);
    expect(two).toMatch(/^access key \*\*\* \(fingerprint [0-9a-f]{8}\)$/);
    expect(one).not.toBe(two);
    expect(principalOf({ kind: 'AssumedRole', from: accessKey('omega-1') as never, roleArn: 'arn' }, SALT)).toBe(
      `role arn assumed by ${one ?? ''}`,
    );
  });

  it.each([
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'mC4xbKzyQe1nZp8R',
    '0'.repeat(64),
    // A password of capitals, as people choose them for stores of their own.
    'SUMMEROFSIXTYNINE1969',
  ])('that may be a secret, because the two were swapped, shows no character of it: %s', (secret) =>
    expect(principalOf(accessKey(secret), SALT)).toMatch(/^access key \*\*\* \(fingerprint [0-9a-f]{8}\)$/),
  );

  it('without a digest has none: it cannot be computed without the salt', () => {
    expect(principalOfKey(accessKey('omega-1'))).toBe('access key ***');
  });

  it.each<[string, Credential, Credential]>([
    ['another secret part', accessKey('AKIAIOSFODNN7EXAMPLE', 'a'), accessKey('AKIAIOSFODNN7EXAMPLE', 'b')],
    [
      'another key of the service account',
      { kind: 'ServiceAccountKey', clientEmail: 'w@p.example', privateKey: new Secret('a') },
      { kind: 'ServiceAccountKey', clientEmail: 'w@p.example', privateKey: new Secret('b') },
    ],
    [
      'the other account key',
      { kind: 'AccountKey', accountKey: new Secret('a') },
      { kind: 'AccountKey', accountKey: new Secret('b') },
    ],
  ])('is distinguished from the one with %s', (_, one, other) => {
    expect(shown(one)).not.toBe(shown(other));
    expect(shown(one)).toBe(shown(one));
  });

  it('has a fingerprint that depends on the salt, so keys cannot be tried against it', () => {
    expect(shown(accessKey('omega-1'))).not.toBe(shown(accessKey('omega-1'), new Secret('another')));
  });
});
