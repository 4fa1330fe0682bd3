import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { VERSION } from '../../app/version.ts';
import { Secret } from '../../base/secret.ts';
import { checkManifests } from '../../dry-run/findings/check-manifests.ts';
import { createRecordingObserver } from '../../dry-run/record/recording-observer.ts';
import { withDryRun } from '../dry-run-of-flags.ts';
import type { ExitCode } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { writable } from '../manifest-files.ts';
import type { ReportFormat } from '../report-formats.ts';
import type { StorageFlags } from '../storage-flags.ts';
import { exitCodeOf, rendered } from './rendered.ts';

export interface CheckFlags extends StorageFlags {
  readonly output: ReportFormat;
  readonly record?: string;
}

/** Checks the storages that the flags name, and prints the report. */
export async function runCheck(flags: CheckFlags): Promise<ExitCode> {
  const { record: file } = flags;
  if (file !== undefined && !flags.live) throw new InputError('--record needs --live: it records what buckets answer');
  const { report } = await withDryRun(flags, async ({ given, unreadable, options }) => {
    if (file === undefined) return checkManifests(given, unreadable, options);
    const observer = createRecordingObserver(options.observer, new Secret(randomBytes(32).toString('hex')));
    return await recorded(
      file,
      () => checkManifests(given, unreadable, { ...options, observer }),
      () => `${JSON.stringify(observer.record(VERSION), undefined, 2)}\n`,
    );
  });
  process.stdout.write(rendered(report, flags.output));
  return exitCodeOf(report);
}

/** Runs a check and writes its record. Where the check does not come to an end, no empty file is left. */
async function recorded<T>(file: string, check: () => Promise<T>, record: () => string): Promise<T> {
  const isThere = existsSync(file);
  // Before the buckets are asked: afterwards the verdict would be lost with the record.
  await writable(file, appendFile(file, ''));
  try {
    const checked = await check();
    await writable(file, writeFile(file, record()));
    return checked;
  } catch (cause) {
    if (!isThere) await rm(file, { force: true });
    throw cause;
  }
}
