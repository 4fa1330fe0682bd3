import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Builds the image without a container engine: buildah in a chroot, on base images
 * that are made here from Debian's packages. It needs Debian and root.
 */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'byob-operator', 'images');
const STORAGE = ['--storage-driver=vfs', `--root=${join(CACHE, 'storage')}`, `--runroot=${join(CACHE, 'run')}`];
const SUITE = 'bookworm';
/** Only what Node needs: no shell, no package manager. */
const RUNTIME_PACKAGES = 'libc6,libgcc-s1,libstdc++6';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

export const IMAGE = 'localhost/byob-operator';

/** Installs the missing programs; an error names those that could not be installed. */
export function installBuildah(): void {
  const missing = ['buildah', 'mmdebstrap'].filter((tool) => spawnSync('which', [tool]).status !== 0);
  if (missing.length === 0) return;
  process.stderr.write(`Installing ${missing.join(', ')} (apt-get, about half a minute) ...\n`);
  run('apt-get', ['update', '-q']);
  run('apt-get', ['install', '-yq', '--no-install-recommends', ...missing]);
}

/** Builds the image from the Dockerfile, without cached layers: with vfs, which copies them, a cache is slower. */
export function buildImage(tag = IMAGE): void {
  installBuildah();
  const { runtime, build } = baseImages();
  buildah([
    'bud',
    '--isolation=chroot',
    '--format=oci',
    '--timestamp=0',
    '--pull-never',
    `--build-arg=BUILD_IMAGE=${build}`,
    `--build-arg=RUNTIME_IMAGE=${runtime}`,
    `--tag=${tag}`,
    '.',
  ]);
  // The image that had the tag before, and stages: each takes a gigabyte.
  buildah(['rmi', '--prune']);
}

/** Removes an image and frees its disk space. */
export function removeImage(tag: string): void {
  buildah(['rmi', tag]);
}

/** The image's root file system, mounted until `unmount`. */
export function mountImage(tag = IMAGE): { readonly path: string; readonly unmount: () => void } {
  const container = buildah(['from', '--pull-never', tag]).trim();
  const path = buildah(['mount', container]).trim();
  return { path, unmount: () => void buildah(['rm', container]) };
}

/** Digests of the image's layers before compression, the base's first, and its configuration. */
export function inspectImage(tag = IMAGE): {
  readonly layers: readonly string[];
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
} {
  const { OCIv1 } = JSON.parse(buildah(['inspect', '--type=image', tag])) as {
    readonly OCIv1: {
      readonly config: {
        readonly User: string;
        readonly Entrypoint: string[];
        readonly Labels: Record<string, string>;
        readonly Env: readonly string[];
      };
      readonly rootfs: { readonly diff_ids: readonly string[] };
    };
  };
  const { config, rootfs } = OCIv1;
  return {
    layers: rootfs.diff_ids,
    user: config.User,
    entrypoint: config.Entrypoint,
    labels: config.Labels,
    environment: Object.fromEntries(
      config.Env.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    ),
  };
}

/** Makes the two base images, once for each version of their inputs. */
function baseImages(): { readonly runtime: string; readonly build: string } {
  mkdirSync(CACHE, { recursive: true });
  const npm = dirname(dirname(realpathOf('npm')));
  const inputs = [SUITE, RUNTIME_PACKAGES, process.version, readFileSync(join(npm, 'package.json'), 'utf8')];
  const certificates = existsSync(CERTIFICATES) ? readFileSync(CERTIFICATES, 'utf8') : '';
  const key = createHash('sha256')
    .update(JSON.stringify([...inputs, certificates]))
    .digest('hex')
    .slice(0, 12);
  const runtime = `localhost/byob-runtime:${key}`;
  const build = `localhost/byob-build:${key}`;
  if (!has(runtime)) makeBase(runtime, 'extract', RUNTIME_PACKAGES, []);
  if (!has(build)) {
    makeBase(build, 'minbase', 'ca-certificates', [
      ['copy', process.execPath, '/usr/local/bin/node'],
      ['copy', npm, '/usr/local/lib/node_modules/npm'],
      // Registries behind a proxy with its own CA: trust the CAs of this machine.
      ...(certificates === '' ? [] : [['copy', CERTIFICATES, CERTIFICATES] as const]),
      ['config', '--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`],
      ['run', '--isolation=chroot', 'ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'],
    ]);
  }
  return { runtime, build };
}

type Step =
  readonly ['copy', string, string] | readonly ['config', string, string] | readonly ['run', string, ...string[]];

function makeBase(tag: string, variant: string, packages: string, steps: readonly Step[]): void {
  process.stderr.write(`Making the base image ${tag} ...\n`);
  const archive = join(CACHE, `${variant}.tar`);
  run('mmdebstrap', ['--quiet', `--variant=${variant}`, `--include=${packages}`, SUITE, archive]);
  const container = buildah(['from', 'scratch']).trim();
  buildah(['add', '--quiet', container, archive, '/']);
  for (const [step, first, ...rest] of steps) {
    if (step === 'copy') buildah(['copy', '--quiet', container, first, ...rest]);
    else if (step === 'config') buildah(['config', first, ...rest, container]);
    else buildah(['run', first, container, '--', ...rest]);
  }
  buildah(['commit', '--quiet', '--rm', container, tag]);
  rmSync(archive);
}

function has(tag: string): boolean {
  return spawnSync('buildah', [...STORAGE, 'inspect', '--type=image', tag]).status === 0;
}

function realpathOf(program: string): string {
  return run('readlink', ['-f', run('which', [program]).trim()]).trim();
}

function buildah(args: readonly string[]): string {
  return run('buildah', [...STORAGE, ...args]);
}

function run(command: string, args: readonly string[]): string {
  const ended = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ended.status === 0) return ended.stdout;
  const said = [ended.error?.message, ended.stderr, ended.stdout].filter((text) => text !== undefined && text !== '');
  throw new Error(`${command} ${args.join(' ')} failed:\n${said.join('\n').slice(-4000)}`);
}
