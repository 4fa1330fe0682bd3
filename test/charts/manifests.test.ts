import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { moduleFolder } from '../../scripts/tools/module-folder.ts';
import { temporaryFolder } from '../servers/process.ts';
import { adminRequest, newNamespace, sharedServers } from '../servers/shared.ts';
import { until } from '../servers/until.ts';
import { SCHEMA_FILES, writeSchemas } from './open-api.ts';
import { run, template } from './render.ts';
import { VALUE_SETS } from './value-sets.ts';

/** Of the Prometheus operator, whose real CRDs are installed. */
const KINDS = ['servicemonitor', 'prometheusrule'];

let schemas: string;
let namespace: string;

async function kubectl(args: readonly string[], input?: string): ReturnType<typeof run> {
  return run('kubectl', [`--kubeconfig=${sharedServers().kubeconfig}`, ...args], input);
}

beforeAll(async () => {
  const folder = moduleFolder('prometheus-operator', 'github.com/prometheus-operator/prometheus-operator');
  const crds = KINDS.map((kind) =>
    join(folder, 'example', 'prometheus-operator-crd', `monitoring.coreos.com_${kind}s.yaml`),
  );
  const applied = await kubectl(['apply', '--server-side', ...crds.flatMap((file) => ['-f', file])]);
  if (applied.code !== 0) throw new Error(applied.stderr);
  schemas = temporaryFolder('byob-schemas-');
  await until('the API server publishes the schemas of the new kinds', async () => {
    await writeSchemas(schemas);
    return KINDS.every((kind) => existsSync(join(schemas, `monitoring.coreos.com_v1_${kind}.json`)));
  });
  namespace = await newNamespace('chart');
  for (const name of ['wandb', 'wandb-staging']) {
    await adminRequest('POST', '/api/v1/namespaces', { metadata: { name } });
  }
});

describe.each(Object.entries(VALUE_SETS))('the chart byob-operator for %s', (_name, values) => {
  it('renders objects that have no unknown field (real kubeconform, schemas of the API server)', async () => {
    const { stdout, stderr } = await template('byob-operator', values, { namespace });
    expect(stderr).toBe('');

    const checked = await run('kubeconform', ['-strict', '-summary', ...fromSchemas()], stdout);

    expect(checked.stdout).toMatch(/^Summary: .* Invalid: 0, Errors: 0, Skipped: 0\n$/);
    expect(checked.code).toBe(0);
  });

  it('renders objects that the real API server would take', async () => {
    const { stdout } = await template('byob-operator', values, { namespace });

    const applied = await kubectl(
      ['apply', '--server-side', '--dry-run=server', '--force-conflicts', '-f', '-'],
      stdout,
    );

    expect(applied).toMatchObject({ code: 0, stderr: '' });
  });
});

it('the chart byob-operator makes names that the real API server takes of the longest release name', async () => {
  const { stdout } = await template('byob-operator', {}, { namespace, release: 'w'.repeat(53) });

  const applied = await kubectl(['apply', '--server-side', '--dry-run=server', '--force-conflicts', '-f', '-'], stdout);

  expect(applied).toMatchObject({ code: 0, stderr: '' });
});

describe('Helm itself', () => {
  it.each(['byob-operator', 'byob-storages'])('finds nothing wrong in %s (helm lint)', async (chart) => {
    const { code, stdout } = await run('helm', ['lint', '--strict', `charts/${chart}`]);

    expect(stdout).toContain('0 chart(s) failed');
    expect(stdout).not.toMatch(/WARNING|ERROR/);
    expect(code).toBe(0);
  });

  it.each([
    ['1.29.15', 1],
    ['1.30.0', 0],
    ['1.33.5-gke.1080000', 0],
  ])('takes Kubernetes %s for what the chart says', async (version, code) => {
    const args = ['template', 'byob-operator', 'charts/byob-operator', '--kube-version', version];
    const ended = await run('helm', args);

    expect(ended.code).toBe(code);
    if (code !== 0) expect(ended.stderr).toContain('chart requires kubeVersion: >=1.30.0-0');
  });

  it.each(['byob-operator', 'byob-storages'])('sees %s carry the version of the package', async (chart) => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };

    const { stdout } = await run('helm', ['show', 'chart', `charts/${chart}`]);

    expect(parse(stdout)).toMatchObject({ version, appVersion: version });
  });
});

describe('the schemas of the API server', () => {
  it('refuse a field that no object has (real kubeconform)', async () => {
    const { stdout } = await template('byob-operator', {}, { namespace });
    const misspelt = stdout.replace('terminationGracePeriodSeconds', 'terminationGraceSeconds');

    const checked = await run('kubeconform', ['-strict', ...fromSchemas()], misspelt);

    expect(checked.code).toBe(1);
    expect(checked.stdout).toContain("additional properties 'terminationGraceSeconds' not allowed");
  });
});

function fromSchemas(): readonly string[] {
  return ['-schema-location', join(schemas, SCHEMA_FILES)];
}
