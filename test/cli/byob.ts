import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stringify } from 'yaml';
import { temporaryFolder } from '../servers/process.ts';
import { sharedServers } from '../servers/shared.ts';

/** The end of a command that ran as a process, from the bundle. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `byob` with arguments; `input` is its standard input. */
export async function byob(
  args: readonly string[],
  { input = '', cwd }: { readonly input?: string; readonly cwd?: string } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [sharedServers().bundle, ...args], {
    env: { PATH: process.env['PATH'] },
    ...(cwd !== undefined && { cwd }),
  });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [status, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
}

/** Writes files into a new folder: text as it is, objects as YAML documents. */
export function folderOf(files: Readonly<Record<string, string | readonly unknown[]>>): string {
  const folder = temporaryFolder('byob-cli-');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const documents = typeof content === 'string' ? content : content.map((one) => stringify(one)).join('---\n');
    writeFileSync(join(folder, name), documents);
  }
  return folder;
}

/** A storage as a manifest. */
export function storage(kind: 'InstanceStorage' | 'TeamStorage', name: string, spec: unknown, namespace?: string) {
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  return { apiVersion: 'storage.wandb.com/v1alpha1', kind, metadata, spec };
}

/** A Secret that storages may use, as a manifest. */
export function secret(name: string, stringData: Readonly<Record<string, string>>) {
  const metadata = { name, labels: { 'storage.wandb.com/allow': 'true' } };
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData };
}
