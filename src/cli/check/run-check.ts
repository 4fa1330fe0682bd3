import { randomBytes } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
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
    // Before the buckets are asked: afterwards the verdict would be lost with the record.
    await writable(file, appendFile(file, ''));
    const observer = createRecordingObserver(options.observer, new Secret(randomBytes(32).toString('hex')));
    const checked = await checkManifests(given, unreadable, { ...options, observer });
    await writable(file, writeFile(file, `${JSON.stringify(observer.record(VERSION), undefined, 2)}\n`));
    return checked;
  });
  process.stdout.write(rendered(report, flags.output));
  return exitCodeOf(report);
}
