import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { sharedServers } from '../servers/shared.ts';

/** What a run of the command gave. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the bundle as a process, in an environment of its own. */
export async function byob(args: readonly string[], input = ''): Promise<Run> {
  const run = spawn(process.execPath, [sharedServers().bundle, ...args], { env: { PATH: process.env['PATH'] } });
  run.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => run.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(run.stdout), text(run.stderr), ended]);
  return { code, stdout, stderr };
}
