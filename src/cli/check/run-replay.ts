import { readFile } from 'node:fs/promises';
import { parseRecord } from '../../dry-run/record/record.ts';
import { replay } from '../../dry-run/record/replay.ts';
import type { ExitCode } from '../exit-codes.ts';
import { InputError } from '../input-error.ts';
import { readable } from '../manifest-files.ts';
import type { ReportFormat } from '../report-formats.ts';
import { exitCodeOf, rendered } from './rendered.ts';

export interface ReplayFlags {
  readonly output: ReportFormat;
}

/** Judges a record, and prints the report. */
export async function runReplay(file: string, flags: ReplayFlags): Promise<ExitCode> {
  const record = parseRecord(await readable(file, readFile(file, 'utf8')));
  if (!record.ok) throw new InputError(`cannot judge ${file}: ${record.error}`);
  const report = replay(record.value, file);
  process.stdout.write(rendered(report, flags.output));
  return exitCodeOf(report);
}
