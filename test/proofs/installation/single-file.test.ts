import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildSingleFile } from '../../../scripts/single-file/single-file.ts';
import { byob } from '../../cli/byob.ts';
import { temporaryFolder } from '../../servers/process.ts';

const folder = temporaryFolder('byob-single-file-test-');
const file = join(folder, 'byob');

beforeAll(() => buildSingleFile(file), 120_000);

/** Runs it without any other program on the PATH. */
function run(program: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: { PATH: '' } });
  return { status, stdout, stderr };
}

describe('byob as a single executable file', () => {
  it.each([
    [['check', '-f', 'config/samples']],
    [['check', '-f', 'config/samples', '-o', 'json']],
    [['render', '-f', 'config/samples']],
    [['policy', '-f', 'config/samples/team-omega.yaml', 'omega']],
    [['explain', 'BucketNotFound']],
    [['completion', 'bash']],
    [['no-such-command']],
  ])('byob %j gives what the bundle gives', async (args) => {
    expect(run(file, ...args)).toEqual(await byob(args));
  });

  it('reads --env-file by itself, and not through Node.js', () => {
    const { status, stderr } = run(file, 'check', '-f', 'config/samples', '--env-file', '/nowhere.env');
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'error: cannot use /nowhere.env: it does not exist\n' });
  });

  it('is kubectl byob under that name', () => {
    symlinkSync(file, join(folder, 'kubectl-byob'));
    expect(run(join(folder, 'kubectl-byob'), '--help').stdout).toContain('Usage: kubectl byob');
  });
});
