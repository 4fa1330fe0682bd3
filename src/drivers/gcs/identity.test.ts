import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { Secret } from '../../base/secret.ts';
import { createKeyIdentity } from './identity.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const credential = {
  kind: 'ServiceAccountKey',
  clientEmail: 'wandb@acme.iam.gserviceaccount.com',
  privateKey: new Secret(privateKey),
} as const;
const place = { endpoint: 'https://storage.googleapis.com', bucket: 'omega-data' };

it.each([
  ['with the name of its key', { privateKeyId: '4f1a9c0e' }, { alg: 'RS256', typ: 'JWT', kid: '4f1a9c0e' }],
  ['without one where the file has none', {}, { alg: 'RS256', typ: 'JWT' }],
])('a service account signs its own token %s', async (_, named, header) => {
  const shown = await createKeyIdentity({ ...credential, ...named }, place).authorization();
  const [, token = ''] = shown.ok ? shown.value.split(' ') : [];

  expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'))).toEqual(header);
});
