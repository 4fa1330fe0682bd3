import { checkManifests } from '../../dry-run/findings/check-manifests.ts';
import { allFindings, worstOf, type CheckReport } from '../../dry-run/findings/check-report.ts';
import { withDryRun } from '../dry-run-of-flags.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { StorageFlags } from '../storage-flags.ts';
import { stylesFor } from '../terminal.ts';
import { renderJson, renderYaml } from './data.ts';
import { renderJunit } from './junit.ts';
import { renderSarif } from './sarif.ts';
import { renderTable } from './table.ts';

/** Formats of the report, by the value of `--output`. */
export const FORMATS = ['table', 'json', 'yaml', 'junit', 'sarif'] as const;

export interface CheckFlags extends StorageFlags {
  readonly output: (typeof FORMATS)[number];
}

/** Checks the storages that the flags name, and prints the report. */
export async function runCheck(flags: CheckFlags): Promise<ExitCode> {
  const report = await withDryRun(flags, ({ given, unreadable, options }) =>
    checkManifests(given, unreadable, options),
  );
  process.stdout.write(rendered(report, flags.output));
  return exitCodeOf(report);
}

/** The report in a format. */
export function rendered(report: CheckReport, format: CheckFlags['output']): string {
  switch (format) {
    case 'json':
      return renderJson(report);
    case 'yaml':
      return renderYaml(report);
    case 'junit':
      return renderJunit(report);
    case 'sarif':
      return renderSarif(report);
    case 'table':
      return renderTable(report, stylesFor(process.stdout, process.env));
  }
}

/** The exit code for a report. */
export function exitCodeOf(report: CheckReport): ExitCode {
  const worst = worstOf(allFindings(report));
  if (worst === 'Fail') return EXIT.Failed;
  return worst === 'Unknown' ? EXIT.Undecided : EXIT.Good;
}
