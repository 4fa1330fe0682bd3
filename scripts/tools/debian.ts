import { spawnSync } from 'node:child_process';

/**
 * Installs the Debian packages of missing commands: `{ command: package }`. Their
 * services are not started. It needs apt and root; an error says so.
 */
export function installDebian(packages: Readonly<Record<string, string>>): void {
  const missing = Object.entries(packages)
    .filter(([command]) => !isThere(command))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  if (!isThere('apt-get') || process.getuid?.() !== 0) {
    throw new Error(
      `The Debian packages ${missing.join(', ')} are needed: install them, or run this on Debian as root, where it installs them.`,
    );
  }
  process.stderr.write(`Installing ${missing.join(', ')} (apt-get, about a minute) ...\n`);
  apt('update', '-q');
  apt('install', '-yq', '--no-install-recommends', ...missing);
}

/** The upstream version of an installed package, without Debian's revision. */
export function debianVersion(name: string): string {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${Version}', name], { encoding: 'utf8' });
  return stdout.replace(/^\d+:/, '').replace(/[+~-].*$/, '');
}

function isThere(command: string): boolean {
  // Debian's servers are in /usr/sbin, which is not on every PATH.
  const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  return spawnSync('which', [command], { env: { PATH } }).status === 0;
}

function apt(...args: readonly string[]): void {
  // In run level 1 packages do not start their services.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stderr, stdout } = spawnSync('apt-get', args, { encoding: 'utf8', maxBuffer: 1 << 26, env });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${`${stdout}${stderr}`.slice(-4000)}`);
}
