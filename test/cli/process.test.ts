import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { sharedServers } from '../servers/shared.ts';
import { byob, folderOf } from './byob.ts';

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

  it('ends with 2 and one line where its output cannot be written, such as on a full disk', async () => {
    const output = openSync(sharedServers().bundle, 'r');
    const args = [sharedServers().bundle, 'explain', 'Accepted'];
    const child = spawn(process.execPath, args, { env: {}, stdio: ['ignore', output, 'pipe'] });
    closeSync(output);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [status, stderr] = await Promise.all([ended, text(child.stderr as Readable)]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: cannot write to the standard output: EBADF\n' });
  });

  it('says in one line why a file or a folder that it is to write cannot be written', async () => {
    const folder = folderOf({ file: '' });
    const entry = 's3://key:secret@minio.acme.example:9000/acme?region=us-east-1&tls=true';
    const imported = await byob(['import', '--as', 'file-stores', '--output-dir', `${folder}/file`], { input: entry });
    expect(imported).toMatchObject({
      status: 2,
      stderr: `error: cannot write ${folder}/file: it exists already, and is no folder\n`,
    });
    const record = `${folder}/missing/record.json`;
    const { status, stderr } = await byob(['check', '-f', 'config/samples', '--live', '--record', record]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `error: cannot write ${record}: its folder does not exist\n`,
    });
  });

  const storages = folderOf({ 'below/a.yaml': 'kind: TeamStorage\n' });
  it.each([
    [['status', '--kubeconfig', '/nowhere'], 'cannot use the kubeconfig /nowhere: it does not exist'],
    [['explain', ''], 'the name is empty. Name one as a status shows it, such as BucketNotFound.'],
    [['import'], 'the standard input is empty: there is nothing to import'],
    [
      ['check', '-f', storages],
      `no InstanceStorage and no TeamStorage in ${storages}; --recursive looks into the folders below as well`,
    ],
  ])('says what is wrong with its input: %j', async (args, message) => {
    const { status, stderr } = await byob(args, { input: '' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: `error: ${message}\n` });
  });

  it('reads --env-file by itself, and not through Node.js', async () => {
    const { status, stderr } = await asProgram(['check', '-f', 'config/samples', '--env-file', '/nowhere.env']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: cannot use /nowhere.env: it does not exist\n' });
  });
});
