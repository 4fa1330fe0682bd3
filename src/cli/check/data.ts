import { stringify } from 'yaml';
import { allFindings, worstOf, type CheckReport } from '../../dry-run/findings/check-report.ts';

/** The report as JSON. */
export function renderJson(report: CheckReport): string {
  return `${JSON.stringify(dataOf(report), undefined, 2)}\n`;
}

/** The report as YAML. */
export function renderYaml(report: CheckReport): string {
  return stringify(dataOf(report), { aliasDuplicateObjects: false });
}

function dataOf(report: CheckReport): unknown {
  const { isLive, objects, files } = report;
  return {
    schemaVersion: 1,
    result: worstOf(allFindings(report)),
    live: isLive,
    objects: objects.map(({ findings, ...object }) => ({ ...object, result: worstOf(findings), findings })),
    files,
  };
}
