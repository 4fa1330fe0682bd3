import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isMap, isSeq, parseAllDocuments, stringify, type Document, type YAMLMap } from 'yaml';
import { programs } from '../tools/build.ts';

/** A file of `config/`, and the templates of the chart `byob-operator` that its objects come from. */
interface Rendering {
  /** Below the chart's `templates/`. */
  readonly templates: readonly string[];
  readonly values?: Readonly<Record<string, unknown>>;
  /** Lines of the comment at the top of the file. */
  readonly about: readonly string[];
}

/** The files of `config/` that are rendered from the chart, for installations with kustomize. */
const RENDERINGS: Readonly<Record<string, Rendering>> = {
  'config/manager/deployment.yaml': { templates: ['deployment.yaml'], about: [] },
  'config/manager/service.yaml': { templates: ['service.yaml'], about: [] },
  'config/manager/poddisruptionbudget.yaml': { templates: ['poddisruptionbudget.yaml'], about: [] },
  'config/manager/networkpolicy.yaml': { templates: ['networkpolicy.yaml'], about: [] },
  'config/rbac/operator.yaml': {
    templates: ['serviceaccount.yaml', 'rbac/operator.yaml', 'rbac/leader-election.yaml'],
    about: [
      'The minimal permissions in the namespace that the operator runs in and watches. Permissions for optional',
      'features are in delivery/, rollout/ and token-request/. For another namespace see config/overlays.',
    ],
  },
  'config/rbac/user-roles.yaml': {
    templates: ['rbac/user-roles.yaml'],
    about: ['Roles for the users of the operator: bind them to users or groups.'],
  },
  'config/rbac/delivery/role.yaml': {
    templates: ['rbac/delivery.yaml'],
    values: { rbac: { delivery: true } },
    about: ['To configure a WeightsAndBiases resource (spec.delivery.weightsAndBiases of an InstanceStorage).'],
  },
  'config/rbac/rollout/role.yaml': {
    templates: ['rbac/rollout.yaml'],
    values: { rbac: { rollout: true } },
    about: ['To restart the Deployments of the W&B server (spec.delivery.restart of an InstanceStorage).'],
  },
  'config/rbac/token-request/role.yaml': {
    templates: ['rbac/token-request.yaml'],
    values: { rbac: { tokenRequest: ['wandb-app'] } },
    about: [
      "To prove a bucket as W&B's own workload (webIdentity, workloadIdentity). Name exactly the ServiceAccounts of",
      "W&B's pods here; each must also carry the label storage.wandb.com/allow=true.",
    ],
  },
};

const BANNER = 'Generated from the chart byob-operator by npm run generate. Do not edit.';
const HELM_LABELS = ['app.kubernetes.io/version', 'app.kubernetes.io/managed-by', 'helm.sh/chart'];

/** The manifests for kustomize by path, rendered by Helm from the chart. */
export async function renderChartManifests(): Promise<Readonly<Record<string, string>>> {
  const { helm } = await programs('helm');
  const files = await Promise.all(
    Object.entries(RENDERINGS).map(async ([path, rendering]) => [path, await manifests(helm, rendering)] as const),
  );
  return Object.fromEntries(files);
}

async function manifests(helm: string, { templates, values = {}, about }: Rendering): Promise<string> {
  const shown = templates.flatMap((template) => ['--show-only', `templates/${template}`]);
  const child = promisify(execFile)(helm, [
    ...['template', 'byob-operator', 'charts/byob-operator', '--namespace', 'wandb', '--values', '-'],
    ...shown,
  ]);
  child.child.stdin?.end(stringify(values, { version: '1.1' }));
  const { stdout } = await child;
  const texts = parseAllDocuments(stdout)
    .filter((document) => document.contents !== null)
    .map((document) => manifest(document));
  return [`# ${BANNER}\n`, ...about.map((line) => `# ${line}\n`), texts.join('---\n')].join('');
}

/** One object without the labels and annotations of Helm, and without the namespace, which kustomize sets. */
function manifest(document: Document): string {
  document.commentBefore = withoutSource(document.commentBefore);
  const { contents } = document;
  if (isMap(contents)) contents.commentBefore = withoutSource(contents.commentBefore);
  document.deleteIn(['metadata', 'namespace']);
  for (const label of HELM_LABELS) document.deleteIn(['metadata', 'labels', label]);
  const subjects = document.get('subjects');
  if (isSeq<YAMLMap>(subjects)) for (const subject of subjects.items) subject.delete('namespace');
  const text = document.toString({ directives: false, lineWidth: 0, singleQuote: true, flowCollectionPadding: false });
  return text.replaceAll(/\n+/g, '\n');
}

/** Helm names the template above each document. */
function withoutSource(comment: string | null | undefined): string | null {
  const kept = (comment ?? '').split('\n').filter((line) => !line.startsWith(' Source: '));
  return kept.join('\n').trim() === '' ? null : kept.join('\n');
}
