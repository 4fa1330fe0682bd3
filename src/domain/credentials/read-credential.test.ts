import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { revealCredential } from './credential.ts';
import { readCredential, type SecretData } from './read-credential.ts';

const accessKey = {
  kind: 'AccessKey',
  secretName: 'omega',
  accessKeyIdKey: 'ACCESS_KEY',
  secretAccessKeyKey: 'SECRET_KEY',
} as const;
const keyFile = { kind: 'ServiceAccountKey', secretName: 'omega', key: 'key.json' } as const;
const accountKey = { kind: 'AccountKey', secretName: 'omega', key: 'AZURE_STORAGE_KEY' } as const;

const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const RSA = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
const EC = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
const EMAIL = 'wandb@acme.iam.gserviceaccount.com';

function data(values: Readonly<Record<string, string | Buffer>>): SecretData {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')] as const),
  );
}

const pair = (secret: string | Buffer) => data({ ACCESS_KEY: 'AKIA', SECRET_KEY: secret });
const file = (changes: object) =>
  data({ 'key.json': JSON.stringify({ type: 'service_account', client_email: EMAIL, private_key: RSA, ...changes }) });

describe('a key that is well-formed', () => {
  it.each([
    [
      'an access key',
      pair('a/secret+with=signs'),
      accessKey,
      { accessKeyId: 'AKIA', secretAccessKey: 'a/secret+with=signs' },
    ],
    ['a key file', file({ token_uri: 'https://evil.example' }), keyFile, { clientEmail: EMAIL, privateKey: RSA }],
    [
      'an account key',
      data({ AZURE_STORAGE_KEY: Buffer.alloc(64, 7).toString('base64') }),
      accountKey,
      { accountKey: Buffer.alloc(64, 7).toString('base64') },
    ],
  ] as const)('%s is read as it is', (_, secret, ref, expected) => {
    const read = readCredential(secret, ref);

    expect(read.ok && revealCredential(read.value)).toEqual({ kind: ref.kind, ...expected });
  });
});

describe('the name of a key of a service account', () => {
  it.each([
    ['is read', { private_key_id: '4f1a9c0e' }, '4f1a9c0e'],
    ['may be absent', {}, undefined],
    ['that is none is left out: it goes into what the key signs', { private_key_id: 'a\nb' }, undefined],
  ] as const)('%s', (_, changes, privateKeyId) => {
    const read = readCredential(file(changes), keyFile);

    expect(read).toMatchObject({ ok: true, value: { kind: 'ServiceAccountKey' } });
    expect(read.ok && read.value.kind === 'ServiceAccountKey' && read.value.privateKeyId).toBe(privateKeyId);
  });
});

describe('an invalid key is reported with its Secret, its name and the cause', () => {
  it.each([
    ['nothing', {}, accessKey, 'SecretKeyMissing', /has no key ACCESS_KEY \(it has: none\)/],
    [
      'half a pair',
      data({ ACCESS_KEY: 'a' }),
      accessKey,
      'SecretKeyMissing',
      /no key SECRET_KEY \(it has: ACCESS_KEY\)/,
    ],
    [
      'what objects inherit',
      {},
      { ...accessKey, accessKeyIdKey: 'constructor' },
      'SecretKeyMissing',
      /key constructor/,
    ],
    ['a prototype', {}, { ...accessKey, accessKeyIdKey: '__proto__' }, 'SecretKeyMissing', /key __proto__/],
    [
      'the two swapped',
      data({ ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12', SECRET_KEY: 'AKIAIOSFODNN7EXAMPLE' }),
      accessKey,
      'SecretMalformed',
      /swapped/,
    ],
    ...['GK31c2f218a2e44f485b94239e', 'LTAI5tFoDtTqTTBSR2gGHe2K', 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE'].map(
      (id) =>
        [
          `the two swapped, as another service generates them: ${id.slice(0, 4)}`,
          data({ ACCESS_KEY: 'b892c0665f0ada8a4755dae98baa3b13', SECRET_KEY: id }),
          accessKey,
          'SecretMalformed',
          /swapped/,
        ] as const,
    ),
    [
      'a secret in hexadecimal digits in place of the id',
      data({ ACCESS_KEY: 'ab'.repeat(32), SECRET_KEY: 'x' }),
      accessKey,
      'SecretMalformed',
      /form of a secret key/,
    ],
    [
      'a secret in place of the id',
      data({ ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', SECRET_KEY: 'x' }),
      accessKey,
      'SecretMalformed',
      /may be the secret key/,
    ],
    [
      'a line of a file of settings',
      data({ ACCESS_KEY: 'aws_access_key_id=AKIA', SECRET_KEY: 'x' }),
      accessKey,
      'SecretMalformed',
      /no id of an access key/,
    ],
    ['JSON', pair('{"secret":"x"}'), accessKey, 'SecretMalformed', /holds JSON/],
    ['a quoted text', pair('"x"'), accessKey, 'SecretMalformed', /holds JSON/],
    ['a PEM file', pair('-----BEGIN KEY-----'), accessKey, 'SecretMalformed', /PEM/],
    ['an empty value', pair(''), accessKey, 'SecretMalformed', /is empty/],
    ['a final line break', pair('x\n'), accessKey, 'SecretMalformed', /line break/],
    ['a line break of Windows', pair('x\r\n'), accessKey, 'SecretMalformed', /line break/],
    ['a final space', pair('x '), accessKey, 'SecretMalformed', /white space/],
    ['no text', pair(Buffer.from([1, 255])), accessKey, 'SecretMalformed', /binary/],
    ['1 MB', pair('x'.repeat(1_000_000)), accessKey, 'SecretMalformed', /more than 1024/],
    ['no JSON', data({ 'key.json': '{' }), keyFile, 'SecretMalformed', /not a JSON object/],
    ['a list', data({ 'key.json': '[]' }), keyFile, 'SecretMalformed', /not a JSON object/],
    ['null', data({ 'key.json': 'null' }), keyFile, 'SecretMalformed', /not a JSON object/],
    [
      'an external account',
      file({ type: 'external_account' }),
      keyFile,
      'CredentialTypeNotAllowed',
      /external_account/,
    ],
    ['a user of gcloud', file({ type: 'authorized_user' }), keyFile, 'CredentialTypeNotAllowed', /authorized_user/],
    [
      'an impersonation',
      file({ type: 'impersonated_service_account' }),
      keyFile,
      'CredentialTypeNotAllowed',
      /impersonated_service_account/,
    ],
    ['no type', file({ type: undefined }), keyFile, 'CredentialTypeNotAllowed', /type \(none\)/],
    ['no private key', file({ private_key: 5 }), keyFile, 'SecretMalformed', /no private_key/],
    ['an EC key', file({ private_key: EC }), keyFile, 'SecretMalformed', /no private_key that is an RSA key/],
    ['another universe', file({ universe_domain: 'other.example' }), keyFile, 'SecretMalformed', /another universe/],
    ['no e-mail', file({ client_email: 'a:b@c,d' }), keyFile, 'SecretMalformed', /no client_email/],
    ['no base64', data({ AZURE_STORAGE_KEY: 'not*base64' }), accountKey, 'SecretMalformed', /base64/],
    ['too little base64', data({ AZURE_STORAGE_KEY: 'c2hvcnQ=' }), accountKey, 'SecretMalformed', /base64/],
  ] as const)('%s', (...row) => {
    const [, secret, ref, reason, says] = row;
    const read = readCredential(secret, ref);

    expect(read).toMatchObject({ ok: false, error: { reason, message: expect.stringMatching(says) } });
    expect(read.ok ? '' : read.error.message).toContain('Secret omega');
  });
});

it('with any data of a Secret, reading never throws and never shows it (property)', () => {
  const value = fc.oneof(fc.string({ minLength: 12, unit: 'binary' }), fc.json({ maxDepth: 4 }));
  fc.assert(
    fc.property(value, fc.constantFrom(accessKey, keyFile, accountKey), (text, ref) => {
      const secret = data({ ACCESS_KEY: text, SECRET_KEY: text, 'key.json': text, AZURE_STORAGE_KEY: text });

      const read = readCredential(secret, ref);

      if (read.ok) return;
      expect(read.error.message).toMatch(/\.$/);
      if (text.length >= 12) expect(`${read.error.message}${read.error.remedy ?? ''}`).not.toContain(text);
    }),
  );
});
