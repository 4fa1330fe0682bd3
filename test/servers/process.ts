import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server process that a bed owns. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number | undefined;
  /** `null` while it runs, and when a signal ended it. */
  readonly exitCode: number | null;
  /** Whether it still runs. */
  readonly running: boolean;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Sends a signal and waits for nothing. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it by SIGTERM, and by SIGKILL after five seconds. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const children = new Set<ChildProcess>();
const folders = new Set<string>();
let guarded = false;

/** Whatever ends this process ends its servers too, and takes their folders away. */
function guard(): void {
  if (guarded) return;
  guarded = true;
  process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
}

/** A new folder for a server's files, gone with this process unless `keep`. */
export function temporaryFolder(prefix: string, keep = false): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  if (keep) return folder;
  guard();
  folders.add(folder);
  return folder;
}

/** Starts a server with its output in a log file. */
export function startProcess(options: {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly cwd?: string;
  /** Run it as another user; takes root. */
  readonly uid?: number;
  /** Let it outlive this process (`--keep`). */
  readonly keep?: boolean;
}): ServerProcess {
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, options.args, {
    env: options.env ?? { PATH: process.env['PATH'] },
    stdio: ['ignore', log, log],
    detached: options.keep ?? false,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  if (options.keep === true) child.unref();
  else {
    guard();
    children.add(child);
    void ended.then(() => children.delete(child));
  }
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: options.name,
    pid: child.pid,
    get exitCode() {
      return child.exitCode;
    },
    get running() {
      return running();
    },
    ended,
    kill: (signal) => void child.kill(signal),
    async stop(signal = 'SIGTERM') {
      if (!running()) return;
      child.kill(signal);
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** Waits until `ready` says so; an ended process or the deadline is an error that shows the end of its log. */
export async function untilReady(
  server: ServerProcess,
  logFile: string,
  ready: () => Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    if (await ready().catch(() => false)) return;
    if (!server.running || Date.now() > deadline) {
      const tail = readFileSync(logFile, 'utf8').split('\n').slice(-15).join('\n');
      throw new Error(`${server.name} ${server.running ? 'did not get ready' : 'ended'}; the end of its log:\n${tail}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Below the range from which the kernel takes ports for outgoing connections: those come and go at any time. */
const PORTS = { from: 10_000, to: 32_000 };

/** Ports of the loopback interface that nobody listens on, drawn at random so that two processes do not draw the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  while (held.length < count) {
    const server = await tryListen(PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from)));
    if (server !== undefined) held.push(server);
  }
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function tryListen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
