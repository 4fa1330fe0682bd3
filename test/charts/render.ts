import { execFile } from 'node:child_process';
import { parseAllDocuments, stringify } from 'yaml';
import { programs } from '../../scripts/tools/build.ts';

/** A rendered Kubernetes object. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

export type Values = Readonly<Record<string, unknown>>;

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Helm ends its watch when a wait is over; where an event is on its way then, its Kubernetes client logs that. */
const WATCH_ENDED = /^E\d{4} .*"Unexpected error when reading response body" err="context canceled"\n/gm;

/** Runs a program that was built from tools/. */
export async function run(
  name: 'helm' | 'helm3' | 'kubeconform' | 'kubectl',
  args: readonly string[],
  input = '',
): Promise<Ended> {
  const paths = await programs(name);
  return new Promise((resolve) => {
    const child = execFile(paths[name], args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr: stderr.replace(WATCH_ENDED, '') });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** `helm template` of a chart with these values; release byob-operator in namespace wandb unless told otherwise. */
export function template(
  chart: string,
  values: Values,
  { release = 'byob-operator', namespace = 'wandb' } = {},
): Promise<Ended> {
  const args = ['template', release, `charts/${chart}`, '--namespace', namespace, '--values', '-'];
  // Helm reads YAML 1.1, to which a bare yes is true.
  return run('helm', args, stringify(values, { version: '1.1' }));
}

/** What `helm template` renders; a refusal is an error with its words. */
export async function rendered(...args: Parameters<typeof template>): Promise<readonly Manifest[]> {
  return manifestsOf(await template(...args));
}

/** What `kubectl kustomize` makes of a folder. */
export async function kustomized(folder: string): Promise<readonly Manifest[]> {
  return manifestsOf(await run('kubectl', ['kustomize', folder]));
}

function manifestsOf({ code, stdout, stderr }: Ended): readonly Manifest[] {
  if (code !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** The one object of a kind. */
export function only(manifests: readonly Manifest[], kind: string): Manifest {
  const [found, ...others] = manifests.filter((manifest) => manifest.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`${1 + others.length} objects of kind ${kind}`);
  return found;
}
