import { adminRequest } from './shared.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

/** Creates a ServiceAccount, or opens it to storages. */
export async function applyServiceAccount(namespace: string, name: string, allowed: boolean): Promise<void> {
  const labels = allowed ? { 'storage.wandb.com/allow': 'true' } : {};
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } };
  await apply(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}`, object);
}

/** Lets the operator read a ServiceAccount, and request tokens of it, by the rules that it asks for. */
export async function allowActingAs(
  namespace: string,
  serviceAccount: string,
  what: readonly ('read' | 'token')[] = ['read', 'token'],
): Promise<void> {
  const name = `acting-as-${serviceAccount}`;
  const rules = what.map((which) => ({
    apiGroups: [''],
    resources: [which === 'read' ? 'serviceaccounts' : 'serviceaccounts/token'],
    resourceNames: [serviceAccount],
    verbs: [which === 'read' ? 'get' : 'create'],
  }));
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name, namespace };
  await apply(`${RBAC}/namespaces/${namespace}/roles/${name}`, { apiVersion, kind: 'Role', metadata, rules });
  await apply(`${RBAC}/namespaces/${namespace}/rolebindings/${name}`, {
    apiVersion,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name: 'byob-operator', namespace }],
  });
}

/** A token as the kubelet would put it into a pod. */
export async function tokenOf(namespace: string, serviceAccount: string, audience: string): Promise<string> {
  const answer = await adminRequest('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [audience], expirationSeconds: 3600 },
  });
  return (answer.body['status'] as { readonly token: string }).token;
}

async function apply(path: string, object: unknown): Promise<void> {
  const answer = await adminRequest(
    'PATCH',
    `${path}?fieldManager=test&force=true`,
    object,
    'application/apply-patch+yaml',
  );
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body['message'])}`);
}
