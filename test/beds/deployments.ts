import { CONFIG_HASH_ANNOTATION, type DeploymentObject } from '../../src/api/resources.ts';
import { adminRequest } from './shared.ts';

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

/** Removes our annotation, as a tool does that owns the whole template. */
export async function stripAnnotation(namespace: string, name: string): Promise<void> {
  const patch = { spec: { template: { metadata: { annotations: { [CONFIG_HASH_ANNOTATION]: null } } } } };
  await adminRequest('PATCH', pathOf(namespace, name), patch, 'application/merge-patch+json');
}
