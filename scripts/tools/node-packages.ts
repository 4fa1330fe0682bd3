import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOOL_CACHE } from './cache.ts';

const TOOLS = join(import.meta.dirname, '..', '..', 'tools');
const FILES = ['package.json', 'package-lock.json'] as const;

/**
 * The folder `node_modules` with exactly the packages of tools/`pin`/package-lock.json, which few people need: they are
 * no dependencies of the project, whose installation would take longer. It is created in the cache of the user.
 */
export function nodePackages(pin: string): string {
  const lock = readFileSync(join(TOOLS, pin, 'package-lock.json'));
  const digest = createHash('sha256').update(process.version).update(lock).digest('hex').slice(0, 16);
  const folder = join(TOOL_CACHE, `${pin}-${digest}`);
  const done = join(folder, '.done');
  if (!existsSync(done)) {
    process.stderr.write(`Installing the packages of tools/${pin} (about a minute) ...\n`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const file of FILES) copyFileSync(join(TOOLS, pin, file), join(folder, file));
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 2, 2] });
    if (status !== 0)
      throw new Error(`npm ci of tools/${pin} failed (see above): check the network and the npm registry`);
    writeFileSync(done, '');
  }
  return join(folder, 'node_modules');
}
