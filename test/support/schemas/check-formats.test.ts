import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { XMLParser } from 'fast-xml-parser';
import type { CheckReport, Finding, FindingResult } from '../../../src/dry-run/findings/check-report.ts';
import { renderJunit } from '../../../src/cli/check/junit.ts';
import { renderSarif } from '../../../src/cli/check/sarif.ts';

const at = { file: 'storages/a b.yaml', line: 7, column: 3 };

function finding(check: string, result: FindingResult, reason: string, rest: Partial<Finding> = {}): Finding {
  return { check, result, reason, message: `<"&'> \u0007 of ${check}\nsecond line`, at, ...rest };
}

/** Every result, in an object and in a file, with texts that need escaping. */
const EVERYTHING: CheckReport = {
  isLive: true,
  objects: [
    {
      ...{ kind: 'TeamStorage', namespace: 'wandb', name: 'omega', bucket: 'acme/<omega>', at },
      findings: [
        finding('Manifest', 'Pass', 'Valid'),
        finding('BucketExists', 'Fail', 'BucketNotFound', { remedy: 'Create "it" & try again.' }),
        finding('CanWrite', 'Unknown', 'NotObserved'),
        finding('CorsAllowsApp', 'Warn', 'CorsRuleMissing', { advisory: true }),
        finding('VersioningEnabled', 'Unknown', 'NotObserved', { advisory: true }),
        finding('Delivered', 'Skip', 'NotJudged'),
      ],
    },
    { kind: 'InstanceStorage', namespace: 'wandb', name: 'empty', at, findings: [] },
  ],
  files: [finding('Manifest', 'Fail', 'Unreadable')],
};
const NOTHING: CheckReport = { isLive: false, objects: [], files: [] };

it.each([
  ['everything', EVERYTHING],
  ['nothing', NOTHING],
])('SARIF of %s is valid by the schema of SARIF 2.1.0', (_, report) => {
  const file = 'test/support/schemas/sarif-2.1.0-rtm.5.json';
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  // The schema is of draft 4, and uses nothing of it that later drafts read otherwise.
  delete schema['$schema'];
  delete schema['id'];
  const validate = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false, allErrors: true }).compile(
    schema,
  );
  validate(JSON.parse(renderSarif(report)));
  expect(validate.errors).toBeNull();
  expect(validate({ version: '2.1.0', runs: [{ results: [{}] }] })).toBe(false);
});

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

type Parsed = Readonly<Record<string, unknown>> & { readonly ':@'?: Readonly<Record<string, string>> };

function elementsOf(nodes: readonly Parsed[]): readonly Element[] {
  return nodes.flatMap(({ ':@': attributes = {}, ...named }) => {
    const [[name, children] = ['#text', []]] = Object.entries(named);
    return name === '#text' ? [] : [{ name, attributes, children: elementsOf(children as readonly Parsed[]) }];
  });
}

/**
 * The elements and attributes that readers of JUnit's XML know, such as those of Jenkins and GitLab: the attributes file
 * and line of a case are an addition that is common to them.
 */
const KNOWN: Readonly<
  Record<string, { readonly children: readonly string[]; readonly attributes: readonly string[] }>
> = {
  testsuites: { children: ['testsuite'], attributes: ['name'] },
  testsuite: { children: ['testcase'], attributes: ['name', 'tests', 'failures', 'errors', 'skipped'] },
  testcase: {
    children: ['failure', 'error', 'skipped', 'system-out'],
    attributes: ['classname', 'name', 'file', 'line'],
  },
  failure: { children: [], attributes: ['type', 'message'] },
  error: { children: [], attributes: ['type', 'message'] },
  skipped: { children: [], attributes: ['message'] },
  'system-out': { children: [], attributes: [] },
};

it.each([
  ['everything', EVERYTHING],
  ['nothing', NOTHING],
])('JUnit XML of %s has the elements, attributes and counts that readers know', (_, report) => {
  const text = renderJunit(report);
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' });
  const [root, ...others] = elementsOf(parser.parse(text) as readonly Parsed[]).filter(({ name }) => name !== '?xml');
  expect([root?.name, others]).toEqual(['testsuites', []]);
  const check = ({ name, attributes, children }: Element): void => {
    expect(Object.keys(KNOWN)).toContain(name);
    expect(KNOWN[name]?.attributes).toEqual(expect.arrayContaining(Object.keys(attributes)));
    expect(KNOWN[name]?.children).toEqual(expect.arrayContaining(children.map((child) => child.name)));
    children.forEach(check);
  };
  if (root !== undefined) check(root);
  for (const suite of root?.children ?? []) {
    const outcomes = suite.children.flatMap(({ children }) => children.map(({ name }) => name));
    const count = (name: string): string => String(outcomes.filter((one) => one === name).length);
    expect(suite.attributes).toEqual({
      ...{ name: suite.attributes['name'], tests: String(suite.children.length) },
      ...{ failures: count('failure'), errors: count('error'), skipped: count('skipped') },
    });
  }
  expect(root?.children).toHaveLength(report.objects.length + Math.sign(report.files.length));
});
