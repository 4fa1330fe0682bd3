import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { sharedServers } from '../servers/shared.ts';
import { byob } from './byob.ts';

/** Runs the bundle by its first line, as a shell and kubectl do. */
async function asProgram(args: readonly string[], { closesOutput = false } = {}) {
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
  const child = spawn(sharedServers().bundle, args, { env: { PATH: path } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (closesOutput) child.stdout.destroy();
  const [status, stderr] = await Promise.all([ended, text(child.stderr)]);
  return { status, stderr };
}

describe('byob as a process', () => {
  it('ends with 2 for an unknown command, and names the one that is meant', async () => {
    const { status, stderr } = await byob(['chekc']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('check') });
    expect((await byob([])).status).toBe(2);
  });

  it('names the version that it needs where an older Node.js runs it', async () => {
    const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } })';
    const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`, sharedServers().bundle, 'explain'];
    const child = spawn(process.execPath, args, { env: {} });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [status, stderr] = await Promise.all([ended, text(child.stderr)]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: byob needs Node.js 24 or later, and this is 20.19.0\n',
    });
  });

  it('ends without a word when its reader has seen enough', async () => {
    expect(await asProgram(['explain', 'Accepted'], { closesOutput: true })).toEqual({ status: 0, stderr: '' });
  });

  it('reads --env-file by itself, and not through Node.js', async () => {
    const { status, stderr } = await asProgram(['check', '-f', 'config/samples', '--env-file', '/nowhere.env']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: cannot use /nowhere.env: it does not exist\n' });
  });
});
