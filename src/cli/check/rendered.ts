import { allFindings, worstOf, type CheckReport } from '../../dry-run/findings/check-report.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { ReportFormat } from '../report-formats.ts';
import { stylesFor } from '../terminal.ts';
import { renderJson, renderYaml } from './data.ts';
import { renderJunit } from './junit.ts';
import { renderSarif } from './sarif.ts';
import { renderTable } from './table.ts';

/** The report in a format, for standard output. */
export function rendered(report: CheckReport, format: ReportFormat): string {
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
