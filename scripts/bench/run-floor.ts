import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildBundle } from '../bundle.ts';
import type { BareAccount } from './floor/bare-kube.ts';
import { IMAGE_ENVIRONMENT } from './measured-operator.ts';

/** Bundles a floor like the operator, runs it with its plan, and reads what it prints. */
export async function runFloor<T>(folder: string, entry: string, plan: object): Promise<T> {
  const bundle = await buildBundle(join(folder, 'floor'), entry);
  const file = join(folder, 'floor.json');
  writeFileSync(file, JSON.stringify(plan), { mode: 0o600 });
  return JSON.parse(await outputOf(bundle, file)) as T;
}

/** The server and token of an account in a kubeconfig that the control plane wrote. */
export function bareAccount(kubeconfig: string): BareAccount {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly clusters: readonly [{ readonly cluster: Readonly<Record<string, string>> }];
    readonly users: readonly [{ readonly user: Readonly<Record<string, string>> }];
  };
  const { server = '', 'certificate-authority': caFile = '' } = clusters[0].cluster;
  return { server, caFile, token: users[0].user['token'] ?? '' };
}

function outputOf(entry: string, plan: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, plan], {
      env: { PATH: process.env['PATH'], ...IMAGE_ENVIRONMENT },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('exit', end);
      if (code === 0) resolve(output);
      else reject(new Error(`the floor's process ended with ${String(code)}`));
    });
  });
}
