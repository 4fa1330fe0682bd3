import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { installDebian } from '../../scripts/tools/debian.ts';
import { byob, folderOf } from './byob.ts';

let folder = '';

beforeAll(async () => {
  installDebian({ script: 'bsdutils', zsh: 'zsh', fish: 'fish' });
  folder = folderOf({ 'storages.yaml': '', 'unrelated/a.txt': '' });
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { status, stdout, stderr } = await byob(['completion', shell]);
    expect([shell, status, stderr]).toEqual([shell, 0, '']);
    writeFileSync(join(folder, `byob.${shell}`), stdout);
  }
}, 300_000);

/**
 * Types lines into an interactive shell on a terminal of its own, and gives what `byob` was called with: its arguments, one
 * line for each call.
 */
async function typedInto(shell: 'bash' | 'zsh', lines: readonly string[]): Promise<readonly string[]> {
  const command = shell === 'bash' ? 'bash --noprofile --norc -i' : 'zsh -f -i';
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', LC_ALL: 'C.UTF-8' },
  });
  let printed = '';
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
  const until = async (pattern: RegExp, count: number): Promise<void> => {
    const deadline = Date.now() + 30_000;
    while ([...printed.matchAll(pattern)].length < count) {
      if (Date.now() > deadline) throw new Error(`${shell} has printed:\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const setUp = [
    // The quotes keep the echo of this line from looking like a call.
    `byob() { printf 'CALL''ED<%s>\\n' "$*"; }`,
    ...(shell === 'zsh' ? ['autoload -U compinit; compinit -D -u'] : ["bind 'set completion-query-items 0'"]),
    `source ./byob.${shell}`,
    "byob rea''dy",
  ];
  child.stdin.write(`${setUp.join('\n')}\n`);
  await until(/CALLED</g, 1);
  for (const [index, line] of lines.entries()) {
    child.stdin.write(`${line}\n`);
    await until(/CALLED</g, index + 2);
  }
  child.stdin.end('exit\n');
  child.kill();
  return [...printed.matchAll(/CALLED<([^>]*)>/g)].slice(1).map(([, call = '']) => call);
}

/** What is typed, with the tabs, and what the command gets. */
const TYPED: readonly (readonly [typed: string, call: string])[] = [
  ['byob chec\t', 'check'],
  ['byob check --output sar\t', 'check --output sarif'],
  ['byob check -o js\t', 'check -o json'],
  ['byob check --output=ju\t', 'check --output=junit'],
  ['byob check --rec\t', 'check --rec'],
  ['byob check --env\t', 'check --env-file'],
  ['byob render -f stor\t', 'render -f storages.yaml'],
  ['byob replay stor\t', 'replay storages.yaml'],
  ['byob explain BucketNotF\t', 'explain BucketNotFound'],
  ['byob completion z\t', 'completion zsh'],
  ['byob import --cloud Core\t', 'import --cloud CoreWeave'],
  ['byob status --names\t', 'status --namespace'],
  // The name of a storage is known to the cluster only: no file is offered.
  ['byob trigger stor\t', 'trigger stor'],
];

describe('byob completion', () => {
  it.each(['bash', 'zsh'] as const)('%s completes commands, flags, values, files and names', async (shell) => {
    const calls = await typedInto(
      shell,
      TYPED.map(([typed]) => typed),
    );
    expect(calls.map((call) => call.trimEnd())).toEqual(TYPED.map(([, call]) => call));
  });

  it('fish offers commands, flags, values, files and names', async () => {
    const offered = (typed: string): Promise<readonly string[]> =>
      new Promise((resolve, reject) => {
        const script = `source byob.fish; complete -C '${typed}'`;
        const options = { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder } };
        execFile('fish', ['--no-config', '-c', script], options, (error, stdout) => {
          if (error === null) resolve(stdout.split('\n').flatMap((line) => line.split('\t')[0] ?? []));
          else reject(new Error('fish failed', { cause: error }));
        });
      });
    expect(await offered('byob chec')).toContain('check');
    expect(await offered('byob check --output sar')).toContain('sarif');
    expect(await offered('byob check --env')).toContain('--env-file');
    expect(await offered('byob render -f stor')).toContain('storages.yaml');
    expect(await offered('byob replay stor')).toContain('storages.yaml');
    expect(await offered('byob explain BucketNotF')).toContain('BucketNotFound');
    expect(await offered('byob trigger stor')).not.toContain('storages.yaml');
  });

  it('ends with 2 for another shell, and names those that there are', async () => {
    const { status, stdout, stderr } = await byob(['completion', 'csh']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/bash.*zsh.*fish/);
  });
});
