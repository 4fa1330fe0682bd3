import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../beds/process.ts';
import { sharedBeds } from '../beds/shared.ts';

/** The bundle alone, where no node_modules can help it. */
let entry = '';

beforeAll(() => {
  const folder = join(temporaryFolder('byob-bundle-alone-'), 'dist');
  mkdirSync(folder);
  const source = dirname(sharedBeds().bundle);
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
    const main = readFileSync(entry, 'utf8');
    expect(main).not.toContain('ListObjectsV2Command');
    expect(readdirSync(dirname(entry)).length).toBeGreaterThan(1);
  });

  it('gets ready on a real API server and ends with 0 on SIGTERM', async () => {
    const beds = sharedBeds();
    const [port = 0, metricsPort = 0] = await freePorts(2);
    const logFile = join(temporaryFolder('byob-bundle-log-'), 'log');
    const args = [
      'operator',
      `--kubeconfig=${beds.kubeconfig}`,
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
