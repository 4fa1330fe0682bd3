import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { temporaryFolder } from './process.ts';
import { adminRequest, sharedServers } from './shared.ts';
import { until } from './until.ts';

/** Kubeconfig of an account with the role for viewers in one namespace, which is that of its context. */
export async function viewerOf(of: string): Promise<string> {
  const role = parseAllDocuments(readFileSync('config/rbac/user-roles.yaml', 'utf8'))
    .map((document) => document.toJS() as { readonly metadata: { readonly name: string }; readonly rules: unknown })
    .find(({ metadata }) => metadata.name === 'wandb-storage-viewer');
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name: 'viewer', namespace: of };
  for (const [path, object] of [
    [`/api/v1/namespaces/${of}/serviceaccounts`, { metadata }],
    [`/apis/${rbac}/v1/namespaces/${of}/roles`, { metadata, rules: role?.rules }],
    [
      `/apis/${rbac}/v1/namespaces/${of}/rolebindings`,
      {
        metadata,
        roleRef: { apiGroup: rbac, kind: 'Role', name: 'viewer' },
        subjects: [{ kind: 'ServiceAccount', name: 'viewer', namespace: of }],
      },
    ],
  ] as const) {
    const { status } = await adminRequest('POST', path, object);
    if (status !== 201) throw new Error(`${path} answered ${status}`);
  }
  const issued = await adminRequest('POST', `/api/v1/namespaces/${of}/serviceaccounts/viewer/token`, { spec: {} });
  const { token } = issued.body['status'] as { readonly token: string };
  // The authorizer learns of the role by a watch.
  await until('the viewer may list storages', async () => {
    const { body } = await adminRequest('POST', `/apis/authorization.k8s.io/v1/subjectaccessreviews`, {
      spec: {
        user: `system:serviceaccount:${of}:viewer`,
        resourceAttributes: { namespace: of, verb: 'list', group: 'storage.wandb.com', resource: 'teamstorages' },
      },
    });
    return (body['status'] as { readonly allowed: boolean }).allowed;
  });
  const servers = sharedServers();
  const file = join(temporaryFolder('byob-viewer-'), 'kubeconfig');
  const cluster = { server: servers.serverUrl, 'certificate-authority': join(servers.folder, 'ca.crt') };
  writeFileSync(
    file,
    stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'viewer' },
      clusters: [{ name: 'test', cluster }],
      users: [{ name: 'viewer', user: { token } }],
      contexts: [{ name: 'viewer', context: { cluster: 'test', user: 'viewer', namespace: of } }],
    }),
  );
  return file;
}
