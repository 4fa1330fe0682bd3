import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOOL_CACHE } from './cache.ts';
import { PROGRAMS, type Program, type ProgramName } from './programs.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MINIMUM_GO = [1, 26] as const;
/**
 * The demo builds without optimisation, which takes a quarter less time, and does not need fast servers. What is built
 * with it is used where it is there.
 */
const IS_QUICK = process.env['BYOB_QUICK_BUILDS'] !== undefined;
const QUICK_SHARE = 0.45;
const QUICK_FLAGS = IS_QUICK ? ['-gcflags=all=-N -l -dwarf=false'] : [];
/** The compiler collects less garbage: more memory, and about 8 % less processor time for kubectl. */
const GOGC = '400';
/** Binaries in an envtest folder. */
const ENVTEST: readonly ProgramName[] = ['kube-apiserver', 'etcd', 'kubectl'];

/**
 * Paths of programs, built when they are missing: into a cache of the user, keyed
 * by everything that the binary depends on. `KUBEBUILDER_ASSETS` replaces the
 * control plane's programs. Progress goes to stderr.
 */
export async function programs<N extends ProgramName>(...names: readonly N[]): Promise<Readonly<Record<N, string>>> {
  const paths: Partial<Record<N, string>> = {};
  const toBuild = missing(...names).names;
  void downloadAhead(toBuild);
  // One after the other: each build uses every core, and they share dependencies.
  for (const name of names) paths[name] = givenByUser(name) ?? (await built(name));
  return paths as Record<N, string>;
}

/** Downloads the sources of all programs but the first while that is built: the network has nothing else to do then. */
async function downloadAhead([first, ...others]: readonly ProgramName[]): Promise<void> {
  for (const { module, package: name } of others.map((other) => PROGRAMS[other])) {
    if (first !== undefined && PROGRAMS[first].module === module) continue;
    // The build downloads what is missing, and reports why it cannot.
    await run('go', ['list', '-deps', name], module, 'ignore').catch(() => undefined);
  }
}

function givenByUser(name: ProgramName): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (assets === undefined || !ENVTEST.includes(name)) return undefined;
  const path = join(assets, name);
  return existsSync(path) ? path : undefined;
}

async function built(name: ProgramName): Promise<string> {
  const found = cached(name);
  if (found !== undefined) return found;
  const { folder, path } = placesOf(name);
  mkdirSync(TOOL_CACHE, { recursive: true });
  return withLock(`${join(TOOL_CACHE, name)}.lock`, async () => {
    // Another process may have built it while this one waited.
    if (!existsSync(path)) await compile(name, PROGRAMS[name], folder);
    return path;
  });
}

/** The program, if it is built already. */
function cached(name: ProgramName): string | undefined {
  const { optimised, path } = placesOf(name);
  return [optimised, path].find((one) => existsSync(one));
}

function placesOf(name: ProgramName) {
  const folder = join(TOOL_CACHE, `${name}-${digestOf(PROGRAMS[name])}`);
  const own = IS_QUICK ? `${folder}-quick` : folder;
  return { folder: own, path: join(own, name), optimised: join(folder, name) };
}

/** Programs that have to be built first, and about how many seconds that takes on two cores. */
export function missing(...names: readonly ProgramName[]): { readonly names: readonly ProgramName[]; seconds: number } {
  const found = names.filter((name) => givenByUser(name) === undefined && cached(name) === undefined);
  return { names: found, seconds: found.reduce((sum, name) => sum + secondsOf(PROGRAMS[name]), 0) };
}

function secondsOf({ coldSeconds }: Program): number {
  return IS_QUICK ? Math.round(coldSeconds * QUICK_SHARE) : coldSeconds;
}

async function compile(name: ProgramName, program: Program, folder: string): Promise<void> {
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  const args = [
    'build',
    '-trimpath',
    ...QUICK_FLAGS,
    '-ldflags',
    flagsOf(program),
    '-o',
    join(temporary, name),
    program.package,
  ];
  const begin = Date.now();
  const seconds = (): number => Math.round((Date.now() - begin) / 1000);
  process.stderr.write(`Building ${name} (about ${secondsOf(program)} s the first time) ...\n`);
  const progress = setInterval(() => process.stderr.write(`  ${name}: ${seconds()} s\n`), 30_000);
  try {
    await run('go', args, program.module);
  } finally {
    clearInterval(progress);
  }
  process.stderr.write(`  ${name} built in ${seconds()} s\n`);
  if (existsSync(folder)) rmSync(temporary, { recursive: true });
  else renameSync(temporary, folder);
}

/** In a folder under tools/. Its output goes to stderr. */
function run(command: string, args: readonly string[], module: string, output: 2 | 'ignore' = 2): Promise<void> {
  return new Promise((resolve, reject) => {
    const cwd = join(ROOT, 'tools', module);
    const env = { GOGC, ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false' };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output] });
    const end = (): void => void child.kill();
    process.once('exit', end);
    child.on('error', reject);
    child.on('exit', (code) => {
      process.off('exit', end);
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args[0] ?? ''} failed in ${cwd} with code ${String(code)} (see above)`));
    });
  });
}

function flagsOf(program: Program): string {
  return ['-s -w', program.ldflags ?? ''].join(' ').trim();
}

/** A digest of everything that the binary is built from; go.sum covers the modules. */
function digestOf(program: Program): string {
  const hash = createHash('sha256').update(JSON.stringify(program)).update(goVersion());
  for (const file of sources(join(ROOT, 'tools', program.module))) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(go|mod|sum)$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

let knownGo: string | undefined;

function goVersion(): string {
  knownGo ??= readGoVersion();
  return knownGo;
}

function readGoVersion(): string {
  const result = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const version = result.status === 0 ? result.stdout.trim() : '';
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  const wanted = MINIMUM_GO.join('.');
  const have = Number(major) * 1000 + Number(minor);
  if (have >= MINIMUM_GO[0] * 1000 + MINIMUM_GO[1]) return version;
  const found = version === '' ? 'there is no go command on the PATH' : `this machine has ${version}`;
  throw new Error(
    `Go ${wanted} or newer is needed to build the Kubernetes control plane and MinIO for the demo and the tests, and ${found}: install it from https://go.dev/dl and run the command again.`,
  );
}

/** Keeps two processes from building the same program: the lock file holds the id of the process that builds. */
async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  for (let reported = false; !tryLock(lock); reported = true) {
    const owner = ownerOf(lock);
    // The owner was interrupted, for example by Ctrl-C.
    if (!isRunning(owner)) rmSync(lock, { force: true });
    else if (!reported) process.stderr.write(`Waiting for process ${owner}, which builds the same program ...\n`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function tryLock(lock: string): boolean {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // Creating a link is atomic: the lock appears with its content, or not at all.
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(mine);
  }
}

function ownerOf(lock: string): number {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
