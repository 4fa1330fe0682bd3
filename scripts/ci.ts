/**
 * Runs all checks of the project, one after the other. The last line counts steps
 * and tests: `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STEPS: Readonly<Record<string, readonly string[]>> = {
  types: ['node_modules/typescript/bin/tsc'],
  lint: ['node_modules/eslint/bin/eslint.js', '.'],
  circles: ['node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.mjs', 'src'],
  'dead exports': ['node_modules/knip/bin/knip.js', '--no-progress'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  'generated files': ['scripts/generate.ts', '--check'],
};

let passed = 0;
let failed = 0;

for (const [name, args] of Object.entries(STEPS)) {
  const begin = Date.now();
  const ok = run(args);
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name} (${Math.round((Date.now() - begin) / 1000)} s)\n`);
  if (ok) passed += 1;
  else failed += 1;
}

const folder = mkdtempSync(join(tmpdir(), 'byob-ci-'));
const report = join(folder, 'jest.json');
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--json'];
// All projects: `npm test` and `npm run proofs`.
const jestOk = run([...JEST, `--outputFile=${report}`], { BYOB_MODEL_RUNS: '2000' });
const counts = readReport(report);

// The rules of the API on the oldest API server; the whole suite there is `npm run oldest`.
const oldestReport = join(folder, 'oldest.json');
const oldestOk = run(
  [...JEST, `--outputFile=${oldestReport}`, '--selectProjects', 'real', '--testPathPatterns', 'test/crds/'],
  { BYOB_OLDEST: '1' },
);
const oldest = readReport(oldestReport);
passed += oldest.passed;
failed += Math.max(oldest.failed, oldestOk ? 0 : 1);
passed += counts.passed;
// A suite that could not even start has no tests to count.
failed += Math.max(counts.failed, jestOk ? 0 : 1);
rmSync(folder, { recursive: true, force: true });

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && counts.passed > 0 ? 0 : 1;

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): boolean {
  // Jest's JSON goes to the file; what it prints to standard output would come after our last line.
  return spawnSync(process.execPath, args, { stdio: ['ignore', 2, 2], env: { ...process.env, ...env } }).status === 0;
}

function readReport(file: string): { readonly passed: number; readonly failed: number } {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly numPassedTests: number;
      readonly numFailedTests: number;
      readonly numFailedTestSuites: number;
    };
    return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
