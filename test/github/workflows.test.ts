import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { programs } from '../../scripts/tools/build.ts';
import { missingNames, WORKFLOWS, workflowOf, type Step } from './workflows.ts';

let actionlint = '';
beforeAll(async () => {
  ({ actionlint } = await programs('actionlint'));
});

/** What actionlint says of a workflow; without the linters of other languages, which not every machine has. */
function lint(text: string): string {
  const ended = spawnSync(actionlint, ['-shellcheck=', '-pyflakes=', '-oneline', '-no-color', '-'], {
    input: text,
    encoding: 'utf8',
  });
  // 1: it found something. Anything else is a failure of its own.
  expect([0, 1]).toContain(ended.status);
  expect(ended.stdout === '').toBe(ended.status === 0);
  return ended.stdout;
}

const jobsOf = WORKFLOWS.flatMap(({ path, jobs }) => Object.entries(jobs).map(([name, job]) => ({ path, name, job })));
const steps: readonly Step[] = jobsOf.flatMap(({ job }) => job.steps ?? []);

describe('the workflows', () => {
  it('are the tests and the release', () => {
    expect(WORKFLOWS.map(({ path }) => path)).toEqual(['.github/workflows/ci.yml', '.github/workflows/release.yml']);
  });

  it.each(WORKFLOWS)('$path is valid (real actionlint)', ({ text }) => {
    expect(lint(text)).toBe('');
  });

  it.each(WORKFLOWS)('$path names tasks, paths and targets that are there', (workflow) => {
    expect(missingNames(workflow)).toEqual([]);
  });

  it.each(WORKFLOWS)('$path has no permission but those that a job asks for', ({ permissions, jobs }) => {
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toBeInstanceOf(Object);
  });

  it.each(jobsOf.filter(({ job }) => job.uses === undefined))('$path: job $name ends in time', ({ job }) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  it('use actions of others by commit, with the version beside it, and each in one version', () => {
    const lines = WORKFLOWS.flatMap(({ text }) => [...text.matchAll(/\buses: (?!\.\/)(.*)$/gm)]).map(
      ([, action = '']) => action,
    );
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    const repositories = new Set(lines.map((line) => line.split('@')[0]?.split('/').slice(0, 2).join('/')));
    const versions = new Set(lines.map((line) => line.replace(/^([\w-]+\/[\w-]+)[^@]*/, '$1')));
    expect(versions.size).toBe(repositories.size);
  });

  it('leave no token in the clone', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    expect(checkouts.length).toBeGreaterThan(0);
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ 'persist-credentials': false });
  });

  it('put no text of an event or a tag into a script', () => {
    expect(steps.filter(({ run }) => run?.includes('${{') === true)).toEqual([]);
  });

  it('cache the folder in which the tools are', () => {
    const cached = steps.filter(({ uses }) => uses?.startsWith('actions/cache') === true);
    const cacheHome = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
    const folder = dirname(dirname(actionlint)).replace(cacheHome, '~/.cache');
    expect(cached.map((step) => step.with?.['path'])).toEqual([folder, folder]);
  });
});

const BROKEN = `
name: Broken
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    needs: nothing
    steps:
      - run: echo \${{ github.nonsense }}
`;

describe('the checks of the workflows', () => {
  it('refuse a job and an expression that are not there (real actionlint)', () => {
    const found = lint(BROKEN);
    expect(found).toContain('"nothing"');
    expect(found).toContain('"nonsense"');
  });

  it('refuse a task, a target, a path and a pattern that are not there', () => {
    const workflow = workflowOf(
      'broken.yml',
      `
jobs:
  build:
    uses: ./.github/workflows/lost.yml
  test:
    steps:
      - run: npm run --silent lost-task -- x && npm run unit && npm test
      - run: make lost-target
      - run: |
          scripts/lost.sh
          charts/lost/file "charts/byob-operator" > out.txt
        working-directory: tools/lost
      - uses: docker/build-push-action@v1
        with: { file: Lostfile, context: . }
      - uses: actions/cache@v1
        with: { key: "\${{ hashFiles('tools/**', 'lost/**') }}" }
`,
    );

    expect(missingNames(workflow)).toEqual([
      'lost-task',
      'lost-target',
      'scripts/lost.sh',
      'charts/lost/file',
      './.github/workflows/lost.yml',
      'tools/lost',
      'Lostfile',
      'lost/**',
    ]);
  });
});
