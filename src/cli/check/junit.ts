import { explainProblem } from '../../domain/conditions/problem.ts';
import { countedResult, type CheckReport, type Finding } from '../../dry-run/findings/check-report.ts';

/** The report as JUnit XML: a suite for each storage, a case for each check. */
export function renderJunit({ objects, files }: CheckReport): string {
  const suites = [
    ...(files.length === 0 ? [] : [suite('files', files)]),
    ...objects.map(({ kind, namespace, name, findings }) => suite(`${kind} ${namespace}/${name}`, findings)),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="byob check">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(name: string, findings: readonly Finding[]): string {
  const number = (...results: readonly Finding['result'][]): number =>
    findings.filter((finding) => results.includes(countedResult(finding))).length;
  const counts = `tests="${findings.length}" failures="${number('Fail')}" errors="${number('Unknown')}" skipped="${number('Skip')}"`;
  const cases = findings.map((finding) => testCase(name, finding));
  return [`  <testsuite name="${escaped(name)}" ${counts}>`, ...cases, '  </testsuite>'].join('\n');
}

function testCase(suiteName: string, finding: Finding): string {
  const { check, at, reason } = finding;
  const head = `    <testcase classname="${escaped(suiteName)}" name="${escaped(check)}" file="${escaped(at.file)}" line="${at.line}"`;
  const text = escaped(explainProblem(finding));
  switch (countedResult(finding)) {
    case 'Fail':
      return `${head}><failure type="${escaped(reason)}" message="${escaped(finding.message)}">${text}</failure></testcase>`;
    case 'Unknown':
      return `${head}><error type="${escaped(reason)}" message="${escaped(finding.message)}">${text}</error></testcase>`;
    case 'Skip':
      return `${head}><skipped message="${escaped(`${reason}: ${finding.message}`)}"/></testcase>`;
    case 'Warn':
      return `${head}><system-out>${escaped(`${reason}: `)}${text}</system-out></testcase>`;
    case 'Pass':
      return `${head}/>`;
  }
}

/** Text of an attribute or element. XML has no place for control characters, escaped or not. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '');
}
