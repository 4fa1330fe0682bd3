import { isAbsolute, relative, sep } from 'node:path';
import { VERSION } from '../../app/version.ts';
import { explainProblem } from '../../domain/conditions/problem.ts';
import { explanationOf } from '../explain/page.ts';
import { countedResult, type CheckReport, type Finding } from '../../dry-run/findings/check-report.ts';

const LEVELS = { Fail: 'error', Unknown: 'warning', Warn: 'warning' } as const;

interface Reported extends Finding {
  readonly level: (typeof LEVELS)[keyof typeof LEVELS];
  /** Kind, namespace and name; empty for a file. */
  readonly object: string;
}

/**
 * The report in the Static Analysis Results Interchange Format 2.1.0, as code scanning of GitHub and others take it:
 * what fails, could not be decided, or has a warning.
 */
export function renderSarif(report: CheckReport): string {
  const found = reportedIn(report);
  const rules = [...new Map(found.map((finding) => [ruleOf(finding), finding] as const))].sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const fingerprints = numbered(found.map((finding) => `${finding.object || finding.at.file} ${ruleOf(finding)}`));
  const driver = {
    name: 'byob check',
    version: VERSION,
    rules: rules.map(([id, { check, reason }]) => {
      const { meaning, remedy = '' } = explanationOf(reason);
      return {
        ...{ id, name: reason, shortDescription: { text: `${check}: ${reason}` } },
        ...{ fullDescription: { text: meaning }, help: { text: `${meaning} ${remedy}`.trim() } },
      };
    }),
  };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results: found.map((finding, index) => resultOf(finding, fingerprints[index] ?? '')) }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function reportedIn({ objects, files }: CheckReport): readonly Reported[] {
  const all = [
    ...files.map((finding) => ({ finding, object: '' })),
    ...objects.flatMap(({ kind, namespace, name, findings }) =>
      findings.map((finding) => ({ finding, object: `${kind} ${namespace}/${name}` })),
    ),
  ];
  return all.flatMap(({ finding, object }) => {
    const counted = countedResult(finding);
    return counted === 'Pass' || counted === 'Skip' ? [] : [{ ...finding, object, level: LEVELS[counted] }];
  });
}

/** The texts; one that came before has its number behind it. */
function numbered(texts: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const number = (seen.get(text) ?? 0) + 1;
    seen.set(text, number);
    return number === 1 ? text : `${text} ${number}`;
  });
}

function ruleOf({ check, reason }: Finding): string {
  return `${check}/${reason}`;
}

function resultOf(finding: Reported, fingerprint: string): unknown {
  const { level, at, object } = finding;
  const text = explainProblem(finding);
  return {
    ruleId: ruleOf(finding),
    level,
    message: { text: object === '' ? text : `${object}: ${text}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(at.file) },
          region: { startLine: at.line, startColumn: at.column },
        },
      },
    ],
    // A finding stays the same one when lines above it come and go.
    partialFingerprints: { 'object/v1': fingerprint },
  };
}

/** Relative to the folder of the call, as code scanning expects it of a repository. */
function uriOf(file: string): string {
  const path = isAbsolute(file) ? relative(process.cwd(), file) : file;
  return path.split(sep).map(encodeURIComponent).join('/');
}
