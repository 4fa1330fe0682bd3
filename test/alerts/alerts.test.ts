import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { programs } from '../../scripts/tools/build.ts';
import { MAX_FILE_STORES_BYTES } from '../../src/domain/publication/file-stores.ts';
import { applySecret, applyStorage, minioBucket, rootKey, untilStorage } from '../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../servers/operator.ts';
import { temporaryFolder } from '../servers/process.ts';
import { newBucket, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { exposedMetrics, metricsOf } from './metrics-of.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const { spec: SPEC } = parse(readFileSync('config/alerts/byob-operator.yaml', 'utf8')) as {
  readonly spec: { readonly groups: readonly { readonly rules: readonly Rule[] }[] };
};
const RULES = SPEC.groups.flatMap(({ rules }) => rules);
const RUNBOOKS = 'https://github.com/wandb/byob-operator/blob/main/docs/runbooks/';

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}
const { panels: PANELS } = JSON.parse(readFileSync('config/grafana/byob-operator.json', 'utf8')) as {
  readonly panels: readonly Panel[];
};

describe('the alerts (promtool)', () => {
  let folder = '';
  let promtool = '';

  beforeAll(async () => {
    ({ promtool } = await programs('promtool'));
    folder = temporaryFolder('byob-alerts-');
    writeFileSync(join(folder, 'byob-operator.rules.yaml'), stringify(SPEC));
    copyFileSync('test/alerts/rules.yaml', join(folder, 'rules.yaml'));
    // What a test expects of an alert is its labels: the words are for people.
    const cases = parse(readFileSync('test/alerts/rules.yaml', 'utf8')) as Cases;
    writeFileSync(join(folder, 'rules.yaml'), stringify(withAnnotations(cases)));
  });

  it('are rules that Prometheus takes', () => {
    const output = execFileSync(promtool, ['check', 'rules', 'byob-operator.rules.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(output).toContain(`SUCCESS: ${String(RULES.length)} rules found`);
  });

  it('come when they should, and not before', () => {
    expect(execFileSync(promtool, ['test', 'rules', 'rules.yaml'], { cwd: folder, encoding: 'utf8' })).toContain(
      'SUCCESS',
    );
  });

  it('have a case each', () => {
    const cases = readFileSync('test/alerts/rules.yaml', 'utf8');
    expect(RULES.map(({ alert }) => alert).filter((alert) => !cases.includes(`alertname: ${alert}`))).toEqual([]);
  });

  it('are syntax that Prometheus takes in the dashboard, too', () => {
    const rules = PANELS.flatMap(({ targets }) => targets).map(({ expr }, index) => ({
      record: `panel:${String(index)}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    writeFileSync(join(folder, 'panels.yaml'), stringify({ groups: [{ name: 'panels', rules }] }));
    const output = execFileSync(promtool, ['check', 'rules', '--lint=none', 'panels.yaml'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(output).toContain(`SUCCESS: ${String(rules.length)} rules found`);
  });
});

interface Cases {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
    }[];
  }[];
}

/** promtool compares annotations as well: they follow from the rule and the labels. */
function withAnnotations(cases: Cases): unknown {
  const filled = (text: string, labels: Readonly<Record<string, string>>): string =>
    text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_whole, name: string) => labels[name] ?? '');
  return {
    ...cases,
    tests: cases.tests.map((test) => ({
      ...test,
      alert_rule_test: test.alert_rule_test.map((one) => {
        const rule = RULES.find(({ alert }) => alert === one.alertname);
        const values = VALUES[one.alertname] ?? '';
        return {
          ...one,
          exp_alerts: one.exp_alerts.map((alert) => ({
            ...alert,
            exp_annotations: Object.fromEntries(
              Object.entries(rule?.annotations ?? {}).map(([name, text]) => [
                name,
                filled(text, alert.exp_labels).replace(/\{\{ \$value [^}]*\}\}/, values),
              ]),
            ),
          })),
        };
      }),
    })),
  };
}

/** `$value` in the cases, as the template shows it. */
const VALUES: Readonly<Record<string, string>> = { ByobReconcileErrors: '200m', ByobFileStoresFilling: '99.38%' };

describe('each alert', () => {
  it.each(RULES)(
    '$alert says what, to whom it matters, and where to read on',
    ({ alert, labels, annotations, for: time }) => {
      expect(['critical', 'warning']).toContain(labels['severity']);
      expect(annotations['runbook_url']).toBe(`${RUNBOOKS}${alert}.md`);
      expect([annotations['summary'], annotations['description'], time].every((text) => text !== undefined)).toBe(true);
      const page = readFileSync(`docs/runbooks/${alert}.md`, 'utf8');
      for (const part of ['What it means', 'How to see it', 'How to fix it', 'When to silence it']) {
        expect(page).toContain(`## ${part}`);
      }
    },
  );

  it('has a page, and each page an alert', () => {
    const pages = readdirSync('docs/runbooks').map((file) => file.replace(/\.md$/, ''));
    expect(pages.filter((page) => page !== 'README').sort()).toEqual(RULES.map(({ alert }) => alert).sort());
    expect(existsSync('docs/runbooks')).toBe(true);
  });

  it('knows the size of the file stores as the operator does', () => {
    const filling = RULES.find(({ alert }) => alert === 'ByobFileStoresFilling');
    expect(filling?.expr).toContain(`/ ${String(MAX_FILE_STORES_BYTES)} `);
  });
});

describe('the metrics of a running operator', () => {
  let operator: OperatorProcess;
  let exposed: ReadonlyMap<string, ReadonlySet<string>>;

  beforeAll(async () => {
    const namespace = await newNamespace('alerts');
    await applySecret(namespace, 'root', rootKey(sharedServers().minio));
    await applySecret(namespace, 'wrong', { ACCESS_KEY: 'nobody', SECRET_KEY: 'knows-this-key' });
    const bucket = (secret: string, name: string) => minioBucket(sharedServers().minio, name, secret);
    await applyStorage(namespace, 'InstanceStorage', 'wandb', {
      deployment: { type: 'SelfManaged', cloud: 'OnPremises' },
      bucket: bucket('root', await newBucket('instance')),
    });
    await applyStorage(namespace, 'TeamStorage', 'bad', {
      team: 'bad',
      bucket: bucket('wrong', await newBucket('bad')),
    });
    await applyStorage(namespace, 'TeamStorage', 'good', {
      team: 'good',
      bucket: bucket('root', await newBucket('good')),
      provision: {},
    });
    operator = await startOperator(namespace, { args: ['--leader-elect'] });
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'good' }, { ready: 'True' });
    await untilStorage({ namespace, kind: 'TeamStorage', name: 'bad' }, { ready: 'False' });
    await until('all is told', async () => {
      exposed = exposedMetrics(await (await fetch(operator.metricsUrl)).text());
      return exposed.has('byob_storage_condition') && exposed.has('byob_file_stores_bytes');
    });
  });

  afterAll(async () => {
    await operator.stop();
  });

  // Prometheus adds these itself.
  const added = new Set(['job', 'pod', 'le']);

  it.each([
    ...RULES.map(({ alert, expr }) => ({ of: `alert ${alert}`, expr })),
    ...PANELS.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ of: `panel "${title}"`, expr }))),
  ])('are those that the $of asks for', ({ expr }) => {
    const uses = metricsOf(expr);
    expect(uses.length).toBeGreaterThan(0);
    for (const { metric, labels } of uses) {
      expect([metric, exposed.has(metric)]).toEqual([metric, true]);
      const known = exposed.get(metric) ?? new Set();
      expect([metric, labels.filter((label) => !known.has(label) && !added.has(label))]).toEqual([metric, []]);
    }
  });

  it('of ours are all in the documentation, and no others', () => {
    const documented = [...readFileSync('docs/reference/metrics.md', 'utf8').matchAll(/`(byob_\w+)`/g)].map(
      ([, name]) => name,
    );
    const own = [...exposed.keys()]
      .filter((name) => name.startsWith('byob_'))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect([...new Set(own)].sort()).toEqual([...new Set(documented)].sort());
  });
});
