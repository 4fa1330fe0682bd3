import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TOOL_CACHE } from './cache.ts';

const TOOLS = join(import.meta.dirname, '..', '..', 'tools');

/**
 * The folder of programs of a Python environment with exactly the packages of
 * tools/`pin`/requirements.txt. It is created in the cache of the user, once for each
 * version of that file and of Python.
 */
export function pythonPrograms(pin: string): string {
  const requirements = join(TOOLS, pin, 'requirements.txt');
  const version = run('python3', ['--version']);
  const digest = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const folder = join(TOOL_CACHE, `${pin}-${digest}`);
  const done = join(folder, '.done');
  if (!existsSync(done)) {
    process.stderr.write(`Installing the Python packages of ${pin} (about a minute) ...\n`);
    mkdirSync(TOOL_CACHE, { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    // An environment cannot be moved after its creation, so a marker shows that it is complete.
    run('python3', ['-m', 'venv', folder]);
    run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
    mkdirSync(done);
  }
  return join(folder, 'bin');
}

/** The version of a package that tools/`pin` requires: `name==1.2.3`, or the tag of a repository, `name @ git+...@v1.2.3`. */
export function pythonVersion(pin: string, name: string): string {
  const lines = readFileSync(join(TOOLS, pin, 'requirements.txt'), 'utf8').split('\n');
  const line = lines.find((one) => one.split(/==| @ /)[0] === name);
  const [, version] = /(?:==|@v)([\d.]+)$/.exec(line ?? '') ?? [];
  if (version === undefined) throw new Error(`tools/${pin}/requirements.txt does not require ${name}`);
  return version;
}

function run(command: string, args: readonly string[]): string {
  const ended = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ended.status === 0) return ended.stdout;
  const said = ended.error === undefined ? `${ended.stdout}${ended.stderr}`.slice(-4000) : ended.error.message;
  throw new Error(
    `${command} ${args.join(' ')} failed. Python 3 with venv is needed (Debian: python3-venv), and a Python package index:\n${said}`,
  );
}
