import { readText } from './client.ts';
import type { KubeConnection } from './connection.ts';

const DEADLINE_MS = 20_000;

/** `APIVersions` of the discovery API. */
interface ApiVersions {
  readonly serverAddressByClientCIDRs?: readonly { readonly serverAddress?: unknown }[];
}

/**
 * The addresses that the API server announces for itself, as `host:port`: the Service of the cluster leads to addresses
 * that no kubeconfig names. Every authenticated client may read them. Rejects when there is no answer.
 */
export async function announcedAddresses(connection: KubeConnection): Promise<readonly string[]> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const response = await connection.request({ method: 'GET', path: '/api', signal });
  const text = await readText(response);
  if (response.statusCode !== 200) return [];
  const { serverAddressByClientCIDRs: addresses = [] } = JSON.parse(text) as ApiVersions;
  return addresses.map(({ serverAddress }) => serverAddress).filter((one) => typeof one === 'string');
}
