import type { KubeObject } from '../api/object.ts';
import { INSTANCE_STORAGES, TEAM_STORAGES } from '../api/resources.ts';
import { ok } from '../base/result.ts';
import { createKubeClient } from '../kube/client.ts';
import { createKubeConnection } from '../kube/connection.ts';
import { loadKubeConfig } from '../kube/kube-config.ts';
import type { KubeCall, KubeClient } from '../ports/kube.ts';

/** What commands read of a cluster; they write nothing to it. */
export interface ClusterReader extends Pick<KubeClient, 'get' | 'requestToken'> {
  /** The InstanceStorages and TeamStorages of a namespace. */
  storagesIn(namespace: string): KubeCall<readonly KubeObject[]>;
  close(): Promise<void>;
}

/** Opens the cluster of a kubeconfig; throws if there is none. */
export function openCluster(from: { readonly kubeconfig?: string; readonly context?: string }): ClusterReader {
  const { kubeconfig: file, context } = from;
  const connection = createKubeConnection(
    loadKubeConfig({ ...(file !== undefined && { file }), ...(context !== undefined && { context }) }),
  );
  const kube = createKubeClient(connection);

  async function storagesIn(namespace: string): KubeCall<readonly KubeObject[]> {
    const [instances, teams] = await Promise.all([
      kube.list(INSTANCE_STORAGES, namespace),
      kube.list(TEAM_STORAGES, namespace),
    ]);
    if (!instances.ok) return instances;
    return teams.ok
      ? ok([...instances.value.map(typed('InstanceStorage')), ...teams.value.map(typed('TeamStorage'))])
      : teams;
  }

  return {
    get: (type, key) => kube.get(type, key),
    requestToken: (account, wanted) => kube.requestToken(account, wanted),
    storagesIn,
    close: () => connection.close(),
  };
}

/** Items of a list name neither version nor kind. */
function typed(kind: string): (object: KubeObject) => KubeObject {
  return (object) => ({ ...object, apiVersion: `${INSTANCE_STORAGES.group}/${INSTANCE_STORAGES.version}`, kind });
}
