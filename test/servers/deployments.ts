import { CONFIG_HASH_ANNOTATION, type DeploymentObject, type InstanceStorage } from '../../src/api/resources.ts';
import { findCondition } from '../../src/domain/conditions/conditions.ts';
import { getStorage } from './objects.ts';
import { adminRequest } from './shared.ts';
import { until } from './until.ts';

// Deployments on the real API server, under the real Deployment controller.

function pathOf(namespace: string, name: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
}

const LABELS = { 'app.kubernetes.io/instance': 'wandb' };

/** Without a node that would take pods it has none, unless told otherwise. */
export async function createDeployment(
  namespace: string,
  name: string,
  labels: object = LABELS,
  spec: { readonly replicas?: number; readonly progressDeadlineSeconds?: number } = {},
): Promise<void> {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 0,
      ...spec,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'example.invalid/wandb:1' }] },
      },
    },
  };
  const path = `${pathOf(namespace, name)}?fieldManager=helm&force=true`;
  const answer = await adminRequest('PATCH', path, object, 'application/apply-patch+yaml');
  if (answer.status >= 300) throw new Error(`Deployment ${name}: ${JSON.stringify(answer.body)}`);
}

export async function getDeployment(namespace: string, name: string): Promise<DeploymentObject> {
  return (await adminRequest('GET', pathOf(namespace, name))).body as unknown as DeploymentObject;
}

/** Hash of the config that the Deployment was restarted for. */
export async function restartedFor(namespace: string, name: string): Promise<string | undefined> {
  const { spec } = await getDeployment(namespace, name);
  return spec?.template?.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
}

/** Waits until every selected Deployment runs on what the ConfigMap says is published: no restart is due. */
export async function untilRolledOut(namespace: string): Promise<void> {
  await until('each Deployment runs on what is published', async () => {
    const { status } = (await getStorage(namespace, 'InstanceStorage', 'wandb')) as InstanceStorage;
    const { body } = await adminRequest('GET', `/api/v1/namespaces/${namespace}/configmaps/wandb-storage`);
    const hash = (body['data'] as Readonly<Record<string, string>>)['secret-hash'];
    const workloads = status?.rollout?.workloads ?? [];
    const isReported = findCondition(status?.conditions ?? [], 'RolledOut')?.status === 'True';
    return isReported && workloads.length > 0 && workloads.every((workload) => workload.hash === hash);
  });
}

/** Removes our annotation, as a tool does that owns the whole template. */
export async function stripAnnotation(namespace: string, name: string): Promise<void> {
  const patch = { spec: { template: { metadata: { annotations: { [CONFIG_HASH_ANNOTATION]: null } } } } };
  await adminRequest('PATCH', pathOf(namespace, name), patch, 'application/merge-patch+json');
}
