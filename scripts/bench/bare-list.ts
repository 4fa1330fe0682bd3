import { TEAM_STORAGES } from '../../src/api/resources.ts';
import { createKubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import { collectionPath } from '../../src/kube/paths.ts';

/**
 * Measures the CPU time to read and parse a list without using it: the baseline
 * for a first list. A separate program, so that threads of Node count as well:
 * `bare-list.ts KUBECONFIG NAMESPACE` prints seconds of CPU.
 */
const [file = '', namespace = ''] = process.argv.slice(2);
const connection = createKubeConnection(loadKubeConfig({ file }));
const path = collectionPath(TEAM_STORAGES, namespace);
const { signal } = new AbortController();
const before = process.cpuUsage();
const items: unknown[] = [];
for (let token: string | undefined = ''; token !== undefined;) {
  const query: string = `?limit=500${token === '' ? '' : `&continue=${token}`}`;
  const response = await connection.request({ method: 'GET', path: path + query, headers: {}, signal });
  const list = JSON.parse(await response.body.text()) as {
    readonly items: readonly unknown[];
    readonly metadata: { readonly continue?: string };
  };
  items.push(...list.items);
  const { continue: next = '' } = list.metadata;
  token = next === '' ? undefined : next;
}
const used = process.cpuUsage(before);
console.log((used.user + used.system) / 1e6);
process.exit(0);
