import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const FOLDER = '.github/workflows';

/** A step of a job. */
export interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly 'working-directory'?: string;
}

/** A job: it has steps, or uses a workflow. */
export interface Job {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

/** A workflow of GitHub Actions, as far as the tests read it. */
export interface Workflow {
  readonly path: string;
  readonly text: string;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export function workflowOf(path: string, text: string): Workflow {
  return { ...(parse(text) as Omit<Workflow, 'path' | 'text'>), path, text };
}

export const WORKFLOWS: readonly Workflow[] = readdirSync(FOLDER)
  .map((file) => join(FOLDER, file))
  .map((path) => workflowOf(path, readFileSync(path, 'utf8')));

/** Folders whose files a command may name. */
const OURS = /^(?:\.\/)?((?:\.ci|\.github|charts|config|crds|docs|scripts|src|test|tools)\/[\w./-]*)/;

/** What a workflow names of this repository, and the repository does not have. */
export function missingNames(workflow: Workflow): readonly string[] {
  const jobs = Object.values(workflow.jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);
  const scripts = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  const uses = [...jobs, ...steps].flatMap((one) => (one.uses?.startsWith('./') === true ? [one.uses] : []));
  const folders = steps.flatMap((step) => step['working-directory'] ?? []);
  const inputs = steps.flatMap((step) => ['file', 'context', 'go-version-file'].map((name) => step.with?.[name]));
  return [
    ...scripts.flatMap(tasksOf).filter((task) => !npmTasks().has(task)),
    ...scripts.flatMap(targetsOf).filter((target) => !makeTargets().has(target)),
    ...[...scripts.flatMap(pathsOf), ...uses, ...folders].filter((path) => !existsSync(path)),
    ...inputs.filter((path): path is string => typeof path === 'string' && !existsSync(path)),
    ...patternsOf(workflow.text).filter((pattern) => globSync(pattern).length === 0),
  ];
}

/** Tasks that a script runs; `npm test` and `npm run [--option] TASK`. */
function tasksOf(script: string): readonly string[] {
  return [...script.matchAll(/\bnpm (?:run (?:--\S+ )*([\w:-]+)|(test)\b)/g)].map(([, run, test]) => run ?? test ?? '');
}

function targetsOf(script: string): readonly string[] {
  return [...script.matchAll(/(?:^|[;&|(]\s*)make (?:-\S+ )*([\w-]+)/gm)].map(([, target = '']) => target);
}

/** Paths of this repository among the words of a script, up to a variable. */
function pathsOf(script: string): readonly string[] {
  return script
    .split(/[\s"'=()]+/)
    .flatMap((word) => OURS.exec(word)?.[1] ?? [])
    .map((path) => path.replace(/\/$/, ''));
}

/** Arguments of hashFiles: a pattern without a file gives a key that never changes. */
function patternsOf(text: string): readonly string[] {
  return [...text.matchAll(/hashFiles\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'([^']+)'/g)].map(([, pattern = '']) => pattern),
  );
}

function npmTasks(): ReadonlySet<string> {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: object };
  return new Set(Object.keys(scripts));
}

function makeTargets(): ReadonlySet<string> {
  if (!existsSync('Makefile')) return new Set();
  const lines = readFileSync('Makefile', 'utf8').matchAll(/^([\w-]+)\s*:(?!=)/gm);
  return new Set([...lines].map(([, target = '']) => target));
}
