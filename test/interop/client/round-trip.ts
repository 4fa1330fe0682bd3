import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pythonPrograms } from '../../../scripts/tools/python.ts';
import { temporaryFolder } from '../../servers/process.ts';
import type { Place } from '../stores/store.ts';
import { emittedSecret, FILE_STORES } from './emitted-secret.ts';
import { startNamesProxy } from './names-proxy.ts';
import { createSigner } from './signer.ts';
import { startStandIn } from './stand-in.ts';

/** What came of it. */
export interface RoundTrip {
  /** What went wrong, by the step; none: every byte came back. */
  readonly failures: readonly string[];
  /** What the client wrote into its log of transfers that failed. */
  readonly log: string;
}

/** More than nginx takes as long as nobody has changed its limit. */
const USUAL_BYTES = 3 * 1024 ** 2;

/**
 * Logs a run with files and an artifact by W&B's own client, and reads both back. URLs are signed with nothing but the
 * Secret that the operator would write for the bucket. `size`: of the large file.
 */
export async function roundTrip(place: Place, size = USUAL_BYTES): Promise<RoundTrip> {
  const { target, clouds } = place;
  const folder = temporaryFolder('byob-wandb-');
  const signer = createSigner(emittedSecret(target)[FILE_STORES] ?? '', clouds);
  const standIn = await startStandIn(signer, target.storage.path);
  const proxy = await startNamesProxy();
  try {
    const env = environment(folder, { server: standIn.url, proxy: proxy.url, caBundle: target.caBundle });
    const program = join(import.meta.dirname, 'round_trip.py');
    const args = [program, join(folder, 'work'), String(size)];
    const client = spawn(join(pythonPrograms('wandb'), 'python'), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, errors] = await Promise.all([text(client.stdout), text(client.stderr), once(client, 'exit')]);
    return { failures: failuresIn(out, errors, standIn.unknown), log: logIn(folder) };
  } finally {
    await Promise.all([proxy.stop(), standIn.stop()]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function environment(
  folder: string,
  at: { readonly server: string; readonly proxy: string; readonly caBundle: string | undefined },
): NodeJS.ProcessEnv {
  const caFile = join(folder, 'ca.pem');
  if (at.caBundle !== undefined) writeFileSync(caFile, at.caBundle);
  const folders = ['WANDB_DIR', 'WANDB_CACHE_DIR', 'WANDB_DATA_DIR', 'WANDB_CONFIG_DIR', 'WANDB_ARTIFACT_DIR'];
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    ...Object.fromEntries(folders.map((name) => [name, join(folder, 'wandb')])),
    WANDB_BASE_URL: at.server,
    WANDB_API_KEY: `local-${randomBytes(20).toString('hex')}`,
    WANDB_ERROR_REPORTING: 'false',
    WANDB_CONSOLE: 'off',
    WANDB_DISABLE_GIT: 'true',
    WANDB_DISABLE_CODE: 'true',
    // What fails at first fails for good here: no store is busy.
    WANDB__FILE_TRANSFER_RETRY_MAX: '1',
    HTTP_PROXY: at.proxy,
    HTTPS_PROXY: at.proxy,
    NO_PROXY: '127.0.0.1',
    ...(at.caBundle !== undefined && { SSL_CERT_FILE: caFile, REQUESTS_CA_BUNDLE: caFile }),
  };
}

/** The last line is JSON, with null for each step that went well. */
function failuresIn(out: string, errors: string, unknown: readonly string[]): readonly string[] {
  const line = out.trimEnd().split('\n').at(-1) ?? '';
  const missing = unknown.map((name) => `the stand-in does not know ${name}`);
  if (!line.startsWith('{')) return [...missing, `the client ended early: ${errors.slice(-1000)}`];
  const steps = JSON.parse(line) as Readonly<Record<string, string | null>>;
  const failed = Object.entries(steps).flatMap(([step, error]) => (error === null ? [] : [`${step}: ${error}`]));
  return [...missing, ...failed];
}

function logIn(folder: string): string {
  const files = globSync(join(folder, '**/logs/debug-internal.log'));
  const lines = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
  return lines.filter((line) => line.includes('file transfer: ') || line.includes('"level":"ERROR"')).join('\n');
}
