/**
 * Writes the generated files; with `--check` it only reports whether they are up
 * to date.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { renderArgocdConfig } from './generate/argocd.ts';
import { renderApiReference } from './generate/api-reference.ts';
import { renderBenchmarks } from './generate/benchmarks.ts';
import { renderChartManifests } from './generate/chart-manifests.ts';
import { renderChartReference } from './generate/chart-reference.ts';
import { renderChartTemplate, specText } from './generate/chart-templates.ts';
import { CRD_FILES, readCrd } from './generate/crd.ts';
import { renderConditionsReference } from './generate/conditions-reference.ts';
import { renderErrorCodesReference } from './generate/error-codes-reference.ts';
import { renderCliReference } from './generate/cli-reference.ts';
import { renderFlagsReference } from './generate/flags-reference.ts';
import {
  readMatrices,
  renderAvailabilityData,
  renderAvailabilityPolicy,
  renderAvailabilityReference,
} from './generate/availability.ts';
import { renderManifestSchemas } from './generate/manifest-schemas.ts';
import { renderStatusBounds } from './generate/status-bounds.ts';
import { renderStoragesSchema } from './generate/storages-schema.ts';
import { renderTypes } from './generate/types.ts';
import { renderChecksReference } from '../src/checks/reference.ts';
import { checkCommand } from '../src/cli/check-command.ts';
import { explainCommand } from '../src/cli/explain-command.ts';
import { importCommand } from '../src/cli/import-command.ts';
import { operatorCommand } from '../src/cli/operator-command.ts';
import { policyCommand } from '../src/cli/policy-command.ts';
import { renderCommand } from '../src/cli/render-command.ts';
import { reportCommand } from '../src/cli/report-command.ts';
import { replayCommand } from '../src/cli/replay-command.ts';
import { statusCommand } from '../src/cli/status-command.ts';
import { triggerCommand } from '../src/cli/trigger-command.ts';

const crds = CRD_FILES.map((file) => readCrd(file));
const [instance, team] = crds;
if (instance === undefined || team === undefined) throw new Error('the CRDs are missing');

const matrices = readMatrices();

const availabilityPolicy = renderAvailabilityPolicy(matrices);

const outputs: Readonly<Record<string, string>> = {
  'src/api/generated/instance-storage.ts': await renderTypes(instance),
  'src/api/generated/team-storage.ts': await renderTypes(team),
  'src/api/generated/status-bounds.ts': renderStatusBounds(crds),
  'src/manifests/generated/schemas.json': renderManifestSchemas(crds),
  'src/domain/admission/generated/availability.ts': await renderAvailabilityData(matrices),
  'config/admission/availability.yaml': availabilityPolicy,
  'docs/reference/availability.md': renderAvailabilityReference(matrices),
  'docs/reference/api.md': renderApiReference(crds),
  'docs/reference/checks.md': renderChecksReference(),
  'docs/reference/conditions.md': renderConditionsReference(),
  'docs/reference/error-codes.md': renderErrorCodesReference(),
  'docs/reference/cli.md': renderCliReference([
    checkCommand(),
    renderCommand(),
    replayCommand(),
    policyCommand(),
    importCommand(),
    explainCommand(),
    statusCommand(),
    reportCommand(),
    triggerCommand(),
  ]),
  'docs/reference/flags.md': renderFlagsReference(operatorCommand()),
  ...renderBenchmarks(),
  ...Object.fromEntries(crds.map(({ file, text }) => [file, text])),
  ...Object.fromEntries(
    crds.map(({ file, text }) => [
      `charts/byob-operator/templates/crds/${basename(file)}`,
      renderChartTemplate(text, { when: 'crds.enabled', keepWhen: 'crds.keep' }),
    ]),
  ),
  'charts/byob-operator/templates/admission/availability.yaml': renderChartTemplate(availabilityPolicy, {
    when: 'admissionPolicy.enabled',
  }),
  ...(await renderChartManifests()),
  'config/argocd/argocd-cm.yaml': renderArgocdConfig(),
  'charts/byob-operator/files/alerts.yaml': specText(readFileSync('config/alerts/byob-operator.yaml', 'utf8')),
  'charts/byob-operator/files/dashboard.json': readFileSync('config/grafana/byob-operator.json', 'utf8'),
  'charts/byob-storages/values.schema.json': renderStoragesSchema([instance, team]),
  ...Object.fromEntries(
    ['byob-operator', 'byob-storages'].map((name) => [`charts/${name}/README.md`, chartReadme(name)]),
  ),
};

const stale = Object.entries(outputs).filter(([path, content]) => current(path) !== content);
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is out of date: run npm run generate and commit the result`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, content] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    console.log(`wrote ${path}`);
  }
}

function chartReadme(name: string): string {
  const read = (file: string): string => readFileSync(`charts/${name}/${file}`, 'utf8');
  return renderChartReference({
    chart: read('Chart.yaml'),
    values: read('values.yaml'),
    introduction: read('introduction.md'),
  });
}

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
