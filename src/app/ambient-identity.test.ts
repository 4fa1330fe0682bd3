import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ambientIdentity } from './ambient-identity.ts';

const AWS = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/operator', AWS_WEB_IDENTITY_TOKEN_FILE: '/no/such/file' };
const AZURE = { AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: 'tenant', AZURE_FEDERATED_TOKEN_FILE: '/no/such/file' };

it.each([
  ['nothing', {}, []],
  ['keys and profiles', { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'x', AWS_PROFILE: 'p' }, []],
  ['half of it', { AWS_ROLE_ARN: AWS.AWS_ROLE_ARN, AZURE_CLIENT_ID: 'client', AZURE_TENANT_ID: '' }, []],
  ['IAM roles for service accounts', AWS, ['aws']],
  ['Azure workload identity', AZURE, ['azure']],
  ['both', { ...AWS, ...AZURE }, ['aws', 'azure']],
])('an environment with %s gives %j', (_, env, kinds) => {
  expect(Object.keys(ambientIdentity(env))).toEqual(kinds);
});

it('reads the token each time, and reports when there is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'byob-token-'));
  const file = join(folder, 'token');
  const { aws } = ambientIdentity({ ...AWS, AWS_WEB_IDENTITY_TOKEN_FILE: file });
  const read = async () => {
    const token = await aws?.workload.token();
    return token?.ok === true ? token.value.reveal() : token?.error;
  };

  expect(await read()).toEqual({ kind: 'TokenUnavailable', providerCode: 'ENOENT' });
  for (const token of ['first', 'second']) {
    writeFileSync(file, `${token}\n`);
    expect(await read()).toBe(token);
  }
  rmSync(folder, { recursive: true });
});
