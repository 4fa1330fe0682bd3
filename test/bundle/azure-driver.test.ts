import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { buildBundle } from '../../scripts/bundle.ts';
import { temporaryFolder } from '../servers/process.ts';
import { newContainer, sharedServers } from '../servers/shared.ts';

it('speaks to Azure out of the bundle, loads its SDK only then, and logs nothing whatever it is told', async () => {
  // Below the system's temporary folder no node_modules can help it.
  const entry = await buildBundle(join(temporaryFolder('byob-bundle-azure-'), 'dist'), 'test/bundle/open-azure.ts');
  expect(readFileSync(entry, 'utf8')).not.toContain('StorageSharedKeyCredential');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [entry, JSON.stringify(sharedServers().azurite), await newContainer('bundle')],
    { env: { PATH: process.env['PATH'], AZURE_LOG_LEVEL: 'verbose', HTTPS_PROXY: '10.0.0.1:3128' }, timeout: 30_000 },
  );
  expect(JSON.parse(stdout)).toEqual({ created: true, keys: ['probe'] });
  expect(stderr).toBe('');
});
