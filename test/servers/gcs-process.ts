import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startGcs, type GcsAddress } from './gcs.ts';
import { startProcess, temporaryFolder, untilReady } from './process.ts';

const MARK = 'GCS bed: ';

/** The GCS bed as a process of its own, which can outlive the one that started it. */
export interface GcsProcess extends GcsAddress {
  readonly pids: readonly (number | undefined)[];
  readonly folder: string;
  stop(): Promise<void>;
}

/** Starts this file as a process and waits for the address that it prints. */
export async function startGcsProcess(options: { readonly keep?: boolean } = {}): Promise<GcsProcess> {
  const folder = temporaryFolder('byob-gcs-process-', options.keep);
  const logFile = join(folder, 'gcs.log');
  const server = startProcess({
    name: 'GCS bed',
    command: process.execPath,
    args: [import.meta.filename],
    // Its own temporary files stand in this folder, and go with it.
    env: { ...process.env, TMPDIR: folder },
    logFile,
    keep: options.keep ?? false,
  });
  const line = (): string | undefined =>
    existsSync(logFile)
      ? readFileSync(logFile, 'utf8')
          .split('\n')
          .find((one) => one.startsWith(MARK) && one.endsWith('}'))
      : undefined;
  // The first time it builds the emulator.
  await untilReady(server, logFile, () => Promise.resolve(line() !== undefined), 600);
  const address = JSON.parse(line()?.slice(MARK.length) ?? '{}') as GcsAddress & { readonly storePid?: number };
  return {
    endpoint: address.endpoint,
    admin: address.admin,
    pids: [server.pid, address.storePid],
    folder,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  const gcs = await startGcs();
  const { endpoint, admin, pid } = gcs;
  process.stdout.write(`${MARK}${JSON.stringify({ endpoint, admin, storePid: pid })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void gcs.stop().then(() => process.exit(0)));
  }
}
