/**
 * Runs a task of this project on any machine with Node 20 or newer: installs
 * the dependencies when the lock changed, and runs the task with Node 24, which
 * is one of them. It must not import anything that is not part of Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];

/** Task -> arguments of Node 24. */
const TASKS = {
  test: [...jest, '--selectProjects', 'unit', 'real'],
  proofs: [...jest, '--selectProjects', 'proofs'],
  unit: [...jest, '--selectProjects', 'unit'],
  soak: ['scripts/soak.ts'],
  mutation: ['scripts/mutation.ts'],
  // Tests that use the API server, on the oldest supported version: the control plane reads BYOB_OLDEST. Without tests
  // that need nodes: a scheduler must not be newer than its API server.
  oldest: [
    ...jest,
    '--selectProjects',
    'real',
    'proofs',
    '--testPathPatterns',
    'test/(crds|kube|scenario|gitops|alerts|docs)/|test/proofs/(?!installation/(image|single-file|chart-))|test/charts/(permissions|pod-security|manifests)',
  ],
  ci: ['scripts/ci.ts'],
  // The two dashes keep node from taking --env-file of the command for its own flag.
  check: ['--', 'src/main.ts', 'check'],
  demo: ['scripts/demo.ts'],
  bed: ['scripts/bed.ts'],
  bench: ['scripts/bench.ts'],
  interop: ['scripts/interop.ts'],
  generate: ['scripts/generate.ts'],
  build: ['scripts/build.ts'],
  'single-file': ['scripts/single-file.ts'],
  image: ['scripts/image.ts'],
  tools: ['scripts/tools.ts'],
  pictures: ['scripts/pictures.ts'],
  'release-notes': ['scripts/release-notes.ts'],
  types: ['node_modules/typescript/bin/tsc'],
  lint: ['node_modules/eslint/bin/eslint.js', '.'],
  format: ['node_modules/prettier/bin/prettier.cjs', '--write', '.'],
};

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Tasks that run the product itself: without the packages that build and test it, the first run is much shorter. */
const WITHOUT_DEV = new Set(['check']);

function install(task) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.byob-lock');
  const present = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  const wanted = WITHOUT_DEV.has(task) ? `${lock} without dev` : lock;
  if (present === lock || present === wanted) return;
  const [omit, takes] = wanted === lock ? [[], 'about a minute'] : [['--omit=dev'], 'about twenty seconds'];
  process.stderr.write(`Installing the dependencies (npm ci, ${takes}) ...\n`);
  // Without warnings: some packages require Node 22 or newer, and run with the Node 24 that is installed here.
  const args = ['ci', ...omit, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (npm.status !== 0)
    fail('npm ci failed (see above): check the network and the npm registry, then run the command again.');
  writeFileSync(stamp, wanted);
}

function node24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;
  const packaged = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  return fail(
    `This project runs on Node 24 and this is ${process.version}: install Node 24 and run the command again.`,
  );
}

const [task = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(TASKS, task)) fail(`Unknown task "${task}". Tasks: ${Object.keys(TASKS).join(', ')}.`);
install(task);
const SWITCHES = { oldest: { BYOB_OLDEST: '1' }, demo: { BYOB_QUICK_BUILDS: '1' } };
const env = { ...process.env, ...SWITCHES[task] };
const child = spawn(node24(), [...TASKS[task], ...rest], { cwd: root, stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // A terminal sends Ctrl-C to the child as well: wait until the child has ended.
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
