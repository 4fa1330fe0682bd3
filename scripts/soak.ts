/** The long proofs: all tests with full counts, and the stories of the model of publication; `-- model` only these. */
import { spawn } from 'node:child_process';

const STORIES = 100_000;
const PROCESSES = 2;

const isModelOnly = process.argv.includes('model');
const halves = Array.from({ length: PROCESSES }, () =>
  run(['test/support/publication-model/soak.ts', String(STORIES / PROCESSES)]),
);
const codes = await Promise.all(halves);
if (!isModelOnly)
  codes.push(await run(['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']));
process.exitCode = codes.some((code) => code !== 0) ? 1 : 0;

/** Exit code of Node with these arguments. */
function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, BYOB_SOAK: '1' } });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
