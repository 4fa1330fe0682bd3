import { explainProblem } from '../../domain/conditions/problem.ts';
import type { Location } from '../../manifests/manifest.ts';
import { printable } from '../printable.ts';
import type { Styles } from '../terminal.ts';
import {
  countedResult,
  leftToOperator,
  withoutCredentials,
  worstOf,
  type CheckReport,
  type Finding,
  type ObjectReport,
} from '../../dry-run/findings/check-report.ts';

const MARKS = {
  Pass: ['✓', 'green'],
  Warn: ['!', 'yellow'],
  Skip: ['-', 'gray'],
  Unknown: ['?', 'magenta'],
  Fail: ['✗', 'red'],
} as const;

/**
 * The report for people: a line for each storage, and below it what is not as it should be. `showsSkipped`: and what
 * was not checked.
 */
export function renderTable(given: CheckReport, { style }: Styles, showsSkipped = false): string {
  const report = printable(given);
  const mark = (result: keyof typeof MARKS): string => style(MARKS[result][1], MARKS[result][0]);
  const rows = report.objects.map((object) => [object.kind, `${object.namespace}/${object.name}`, object.bucket ?? '']);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const details = (findings: readonly Finding[]): readonly string[] =>
    findings
      .filter((finding) => isWorthALine(finding, showsSkipped))
      .flatMap((finding) => [
        `    ${mark(countedResult(finding))} ${finding.check}: ${style('bold', finding.reason)}  ${style('gray', placeText(finding.at))}`,
        ...explainProblem(finding)
          .split('\n')
          .map((line) => `      ${line}`),
      ]);
  const lines = report.objects.flatMap((object, index) => {
    const [kind = '', name = '', bucket = ''] = rows[index] ?? [];
    const cells = [kind.padEnd(widths[0] ?? 0), style('bold', name.padEnd(widths[1] ?? 0)), bucket];
    return [`${mark(worstOf(object.findings))} ${cells.join('  ')}`.trimEnd(), ...details(object.findings)];
  });
  return [...details(report.files), ...lines, '', summaryOf(report), ''].join('\n');
}

function isWorthALine(finding: Finding, showsSkipped: boolean): boolean {
  const counted = countedResult(finding);
  if (counted !== 'Skip') return counted !== 'Pass';
  return finding.reason === 'Suspended' || finding.reason === 'Ignored' || (showsSkipped && finding.result === 'Skip');
}

function placeText({ file, line, column }: Location): string {
  return `${file}:${line}:${column}`;
}

function summaryOf(report: CheckReport): string {
  const { objects, files, isLive } = report;
  const count = (result: ReturnType<typeof worstOf>, ofOne: string, ofMany: string): readonly string[] => {
    const number = objects.filter((object: ObjectReport) => worstOf(object.findings) === result).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? ofOne : ofMany}`];
  };
  const parts = [
    ...count('Pass', 'is good', 'are good'),
    ...count('Warn', 'has warnings', 'have warnings'),
    ...count('Unknown', 'could not be decided', 'could not be decided'),
    ...count('Fail', 'fails', 'fail'),
  ];
  const judged =
    objects.length === 0 ? 'No storage was found.' : `${counted(objects.length, 'storage')}: ${parts.join(', ')}.`;
  const unjudged = files.length === 0 ? '' : ` ${counted(files.length, 'part')} of the files could not be judged.`;
  const offline = isLive ? '' : ' The buckets were not asked: --live does that.';
  const without = withoutCredentials(report).length;
  const credentials =
    without === 0
      ? ''
      : `\nThe credentials of ${counted(without, 'storage')} are in none of the files, so the rest was judged without them: give them in a file or by --env-file, or use --cluster.`;
  const left = leftToOperator(report).join(', ');
  const running =
    left === '' ? '' : `\nNot judged, because it is about the running server: ${left}. byob status shows it.`;
  return `${judged}${unjudged}${offline}${credentials}${running}`;
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
