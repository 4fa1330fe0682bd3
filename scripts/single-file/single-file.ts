import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'postject';
import { buildScript } from '../bundle.ts';

/** Where Node.js looks for a program in its own file, and what shows that there is one. */
const RESOURCE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Writes the command together with this Node.js as one executable file. */
export async function buildSingleFile(file: string): Promise<void> {
  const isMac = process.platform === 'darwin';
  const folder = mkdtempSync(join(tmpdir(), 'byob-single-file-'));
  try {
    const blob = await preparedIn(folder);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    copyFileSync(process.execPath, file);
    chmodSync(file, 0o755);
    // The signature of Node.js does not hold for the changed file, and macOS runs nothing without one.
    if (isMac) execFileSync('codesign', ['--remove-signature', file]);
    await injected(file, blob, isMac);
    if (isMac) execFileSync('codesign', ['--sign', '-', file]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function injected(file: string, blob: Buffer, isMac: boolean): Promise<void> {
  const { warn } = console;
  // It warns of sections without a name, which Node.js has.
  console.warn = () => undefined;
  try {
    await inject(file, RESOURCE, blob, { sentinelFuse: FUSE, ...(isMac && { machoSegmentName: 'NODE_SEA' }) });
  } finally {
    console.warn = warn;
  }
}

/** The command in the form in which Node.js finds it in its own file. */
async function preparedIn(folder: string): Promise<Buffer> {
  const main = join(folder, 'byob.cjs');
  const output = join(folder, 'byob.blob');
  const config = join(folder, 'config.json');
  await buildScript(main);
  // The two dashes keep Node.js from taking --env-file of a command for its own flag.
  writeFileSync(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true, execArgv: ['--'] }));
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: 'pipe' });
  return readFileSync(output);
}
