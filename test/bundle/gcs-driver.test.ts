import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { buildBundle } from '../../scripts/bundle.ts';
import { createGcsAccount, createGcsBucket } from '../servers/gcs.ts';
import { temporaryFolder } from '../servers/process.ts';
import { sharedServers } from '../servers/shared.ts';

/** What the SDK would heed if it dialled, or looked for credentials, by itself; nobody listens there. */
const MISLEADING = {
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  STORAGE_EMULATOR_HOST: 'http://127.0.0.1:9',
  GCE_METADATA_HOST: '127.0.0.1:9',
  GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json',
  GOOGLE_CLOUD_UNIVERSE_DOMAIN: 'elsewhere.example',
};

it('speaks to GCS out of the bundle, loads its SDK only then, and follows no variable of it', async () => {
  // Below the system's temporary folder no node_modules can help it.
  const entry = await buildBundle(join(temporaryFolder('byob-bundle-gcs-'), 'dist'), 'test/bundle/open-gcs.ts');
  expect(readFileSync(entry, 'utf8')).not.toContain('GOOG4-RSA-SHA256');
  const { gcs } = sharedServers();
  const account = await createGcsAccount(gcs);
  const bucket = await createGcsBucket(gcs, { account, prefix: 'bundle' });
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [entry, gcs.endpoint, bucket, account.keyFile],
    { env: { PATH: process.env['PATH'], ...MISLEADING }, timeout: 30_000 },
  );
  expect(JSON.parse(stdout)).toEqual({ created: true, keys: ['probe'], head: 200 });
  expect(stderr).toBe('');
});
