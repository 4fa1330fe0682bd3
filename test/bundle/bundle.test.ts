import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../servers/process.ts';
import { sharedServers } from '../servers/shared.ts';

/** The bundle alone, where no node_modules can help it. */
let entry = '';

beforeAll(() => {
  const parent = temporaryFolder('byob-bundle-alone-');
  // Another user must reach it, as in an image.
  chmodSync(parent, 0o755);
  const folder = join(parent, 'dist');
  mkdirSync(folder);
  const source = dirname(sharedServers().bundle);
  for (const file of readdirSync(source)) copyFileSync(join(source, file), join(folder, file));
  entry = join(folder, 'byob.mjs');
});

function byob(...args: readonly string[]) {
  return spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
}

describe('the bundle, as a process', () => {
  it('explains itself', () => {
    const help = execFileSync(process.execPath, [entry, 'operator', '--help'], { encoding: 'utf8' });
    expect(help).toContain('Usage: byob operator [options]');
    expect(help).toContain('--allowed-endpoints');
  });

  it('says what is missing and ends with 1', () => {
    const { status, stderr } = byob('operator', '--kubeconfig=/nowhere');
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('--namespace') });
  });

  it('refuses an option that it does not know', () => {
    const { status, stderr } = byob('operator', '--namspace=x');
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('--namespace') });
  });

  it('says in one JSON line why it cannot start', () => {
    const { status, stdout } = byob('operator', '--namespace=x', '--kubeconfig=/nowhere');
    expect(status).toBe(1);
    const lines = stdout.trim().split('\n');
    const line = JSON.parse(lines.find((one) => one.includes('could not start')) ?? '{}') as Record<string, unknown>;
    expect(line['level']).toBe('error');
    expect(JSON.stringify(line)).toContain('/nowhere');
  });

  it('loads the S3 driver only when a bucket needs it', () => {
    const withDriver = readdirSync(dirname(entry)).filter(
      (file) =>
        file.endsWith('.mjs') && readFileSync(join(dirname(entry), file), 'utf8').includes('CompleteMultipartUpload'),
    );
    expect(withDriver).toEqual([expect.stringMatching(/^s3-driver-/)]);
  });

  it('gets ready on a real API server and ends with 0 on SIGTERM', async () => {
    const servers = sharedServers();
    const [port = 0, metricsPort = 0] = await freePorts(2);
    const logFile = join(temporaryFolder('byob-bundle-log-'), 'log');
    const args = [
      'operator',
      `--kubeconfig=${servers.kubeconfig}`,
      '--namespace=default',
      `--health-address=127.0.0.1:${port}`,
      `--metrics-address=127.0.0.1:${metricsPort}`,
    ];
    const server = startProcess({ name: 'byob', command: process.execPath, args: [entry, ...args], logFile });
    await untilReady(server, logFile, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    await server.stop('SIGTERM');
    const last = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '{}';
    expect(JSON.parse(last)).toMatchObject({ level: 'info', message: 'stopped' });
    expect(server.exitCode).toBe(0);
  });
});

describe('the bundle, as in the image', () => {
  it('runs as any user, with nowhere to write, no home and no node_modules', async () => {
    // Only root can become somebody else; anybody else is no root already.
    const uid = process.getuid?.() === 0 ? 65532 : undefined;
    const folder = temporaryFolder('byob-bundle-image-');
    chmodSync(folder, 0o755);
    const cwd = join(folder, 'cwd');
    mkdirSync(cwd, { mode: 0o555 });
    const logFile = join(folder, 'log');
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(inlineKubeconfig()), { mode: 0o400 });
    if (uid !== undefined) chownSync(kubeconfig, uid, uid);
    const [port = 0, metricsPort = 0] = await freePorts(2);

    const server = startProcess({
      name: 'byob',
      command: process.execPath,
      args: [
        entry,
        'operator',
        `--kubeconfig=${kubeconfig}`,
        '--namespace=default',
        `--health-address=127.0.0.1:${port}`,
        `--metrics-address=127.0.0.1:${metricsPort}`,
      ],
      env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
      logFile,
      cwd,
      ...(uid !== undefined && { uid }),
    });
    await untilReady(server, logFile, async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok);
    await server.stop('SIGTERM');

    expect(server.exitCode).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
    expect(readFileSync(logFile, 'utf8')).not.toMatch(/"level":"(warn|error)"/);
  });
});

/** The administrator's kubeconfig in one file: the others are not for this user. */
function inlineKubeconfig(): unknown {
  const { serverUrl, folder } = sharedServers();
  const base64 = (file: string): string => readFileSync(join(folder, file)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server: serverUrl, 'certificate-authority-data': base64('ca.crt') } }],
    users: [
      {
        name: 'local',
        user: { 'client-certificate-data': base64('admin.crt'), 'client-key-data': base64('admin.key') },
      },
    ],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
}
