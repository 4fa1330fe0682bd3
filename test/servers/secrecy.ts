import { MANAGED_BY_LABEL, MANAGER, type SecretObject } from '../../src/api/resources.ts';
import type { OperatorProcess } from './operator.ts';
import { adminRequest } from './shared.ts';

/** Kinds whose objects anybody may read who may read a namespace at all. */
const READABLE = [
  '/apis/storage.wandb.com/v1alpha1/namespaces/NS/instancestorages',
  '/apis/storage.wandb.com/v1alpha1/namespaces/NS/teamstorages',
  '/apis/events.k8s.io/v1/namespaces/NS/events',
  '/apis/coordination.k8s.io/v1/namespaces/NS/leases',
  '/api/v1/namespaces/NS/configmaps',
  '/api/v1/namespaces/NS/serviceaccounts',
];

/** Shortest part of a secret that nobody else would have written. */
const PART = 20;

/** The Secrets that the operator writes for the instance `wandb`: they hold keys. */
const OUTPUTS = ['wandb-storage', 'wandb-storage-ledger'];

/** The operator's log and metrics, whatever is no Secret in its namespace, and what else it wrote into Secrets. */
export async function everythingSaid(
  namespace: string,
  operator: Pick<OperatorProcess, 'rawLog' | 'metricsUrl'>,
): Promise<string> {
  const lists = await Promise.all(
    READABLE.map(async (path) => (await adminRequest('GET', path.replace('NS', namespace))).body),
  );
  const ours = `/api/v1/namespaces/${namespace}/secrets?labelSelector=${MANAGED_BY_LABEL}%3D${MANAGER}`;
  const { items } = (await adminRequest('GET', ours)).body as { readonly items: readonly SecretObject[] };
  const others = items.filter(({ metadata }) => !OUTPUTS.includes(metadata.name));
  const metrics = await (await fetch(operator.metricsUrl)).text();
  return [operator.rawLog(), metrics, ...[...lists, ...others].map((one) => JSON.stringify(one))].join('\n');
}

/** The forms in which a secret could show: whole, a part of each line, and both as URLs and Secrets carry them. */
export function tracesOf(secret: string): readonly string[] {
  const lines = secret.split('\n').filter((line) => line.length >= PART && !line.includes('-----'));
  const parts = lines.map((line) => line.slice((line.length - PART) / 2, (line.length + PART) / 2));
  return [secret, ...parts].flatMap((text) => [text, encodeURIComponent(text), Buffer.from(text).toString('base64')]);
}
