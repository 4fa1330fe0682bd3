import { weightsAndBiases } from '../../src/api/resources.ts';
import type { ManagedFieldsEntry } from '../../src/api/managed-fields.ts';
import { adminRequest } from './shared.ts';
import { until } from './until.ts';
import { WANDB_CRD, WANDB_CRD_NAME } from './weights-and-biases-crd.ts';

/** Installs the CRD and waits until it is served. */
export async function installWeightsAndBiases(): Promise<void> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${WANDB_CRD_NAME}`;
  const answer = await adminRequest('PATCH', `${path}?fieldManager=test&force=true`, WANDB_CRD, APPLY);
  if (answer.status >= 300) throw new Error(`CRD: ${JSON.stringify(answer.body)}`);
  // A path that is not served yet is answered by text.
  await until('the CRD is served', () =>
    adminRequest('GET', '/apis/apps.wandb.com/v2/namespaces/default/weightsandbiases').then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
}

const APPLY = 'application/apply-patch+yaml';

export interface WandbResource {
  readonly metadata: { readonly resourceVersion: string; readonly managedFields?: readonly ManagedFieldsEntry[] };
  readonly spec?: Readonly<Record<string, unknown>>;
}

function pathOf(namespace: string, version: string, name: string): string {
  const { group, plural } = weightsAndBiases(version);
  return `/apis/${group}/${version}/namespaces/${namespace}/${plural}/${name}`;
}

/** Applies a manifest as some GitOps tool, by force or not. Gives the status code. */
export async function applyWandb(
  namespace: string,
  at: { readonly version: 'v1' | 'v2'; readonly name: string; readonly manager?: string; readonly force?: boolean },
  spec: unknown,
): Promise<number> {
  const { version, name, manager = 'gitops', force = true } = at;
  const object = {
    apiVersion: `apps.wandb.com/${version}`,
    kind: 'WeightsAndBiases',
    metadata: { name, namespace },
    spec,
  };
  const path = `${pathOf(namespace, version, name)}?fieldManager=${manager}&force=${String(force)}`;
  return (await adminRequest('PATCH', path, object, APPLY)).status;
}

export async function getWandb(namespace: string, version: 'v1' | 'v2', name: string): Promise<WandbResource> {
  const answer = await adminRequest('GET', pathOf(namespace, version, name));
  if (answer.status !== 200) throw new Error(`WeightsAndBiases ${name}: ${answer.status}`);
  return answer.body as unknown as WandbResource;
}

/** Managers that own fields of the spec, sorted. */
export function managersOf({ metadata }: WandbResource): readonly string[] {
  const managers = (metadata.managedFields ?? []).filter(({ subresource }) => (subresource ?? '') === '');
  return [...new Set(managers.map(({ manager = '' }) => manager))].sort();
}
