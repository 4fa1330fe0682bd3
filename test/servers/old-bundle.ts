import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCRIPT = `
const { buildBundle } = await import('./scripts/bundle.ts');
await buildBundle(process.argv[1]);`;

/** Builds the operator's bundle of an older revision, with the packages of this tree; its entry. */
export function bundleOfRevision(revision: string): string {
  const folder = temporaryFolder(`byob-${revision}-`);
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  const archive = join(folder, 'tree.tar');
  try {
    execFileSync('git', ['archive', `--output=${archive}`, revision, 'src', 'scripts', 'config', 'package.json'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    throw new Error(
      `Revision ${revision}, from which the test upgrades, is not in this clone: fetch the whole history (git fetch --unshallow) and run the test again.`,
      { cause: error },
    );
  }
  execFileSync('tar', ['-xf', archive, '-C', tree]);
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  const outdir = join(folder, 'bundle');
  execFileSync(process.execPath, ['--input-type=module', '--eval', SCRIPT, outdir], { cwd: tree });
  return join(outdir, 'byob.mjs');
}
