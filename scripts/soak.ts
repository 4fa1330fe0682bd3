/**
 * The long proofs: the stories of the model of publication (`-- model` only these), each property of the pure rules with
 * many inputs (`-- properties` only these), texts that reach new parts of all that reads what others wrote (`-- fuzz
 * [MINUTES]` only these), failovers of two replicas (`-- failover` only these), three hours in which teams
 * come, change, break and go (`-- churn [MINUTES]` only these), and all tests with full counts.
 */
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';

const STORIES = 100_000;
const PROCESSES = 2;
const PROPERTY_RUNS = 100_000;
const FAILOVERS = 1_000;
const CHURN_MINUTES = 180;
const FUZZ_MINUTES = 30;
const JEST = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];

const [only, minutes] = process.argv.slice(2);
const codes: number[] = [];
if (only === undefined || only === 'model') codes.push(...(await playStories()));
if (only === undefined || only === 'properties') codes.push(await tryProperties());
if (only === undefined || only === 'fuzz')
  codes.push(await run(['test/support/fuzz/soak.ts', minutes ?? String(FUZZ_MINUTES)]));
if (only === undefined || only === 'failover')
  codes.push(await run(['test/support/failover/soak.ts', String(FAILOVERS)]));
if (only === undefined || only === 'churn')
  codes.push(await run(['test/support/churn/soak.ts', minutes ?? String(CHURN_MINUTES)]));
if (only === undefined) codes.push(await run(JEST));
if (codes.length === 0)
  console.error('usage: npm run soak [-- model | properties | fuzz [MINUTES] | failover | churn [MINUTES]]');
process.exitCode = codes.length === 0 || codes.some((code) => code !== 0) ? 1 : 0;

function playStories(): Promise<readonly number[]> {
  const share = ['test/support/publication-model/soak.ts', String(STORIES / PROCESSES)];
  return Promise.all(Array.from({ length: PROCESSES }, () => run(share)));
}

/** Those of `src`: the stories are properties too, and much slower. */
function tryProperties(): Promise<number> {
  const files = globSync('src/**/*.test.ts').filter((file) => readFileSync(file, 'utf8').includes("from 'fast-check'"));
  const runs = process.env['BYOB_PROPERTY_RUNS'] ?? String(PROPERTY_RUNS);
  return run([...JEST, '--selectProjects', 'unit', '--runTestsByPath', ...files], { BYOB_PROPERTY_RUNS: runs });
}

/** Exit code of Node with these arguments. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, BYOB_SOAK: '1', ...env } });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
