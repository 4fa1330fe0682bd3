import { GROUP } from '../../src/api/resources.ts';
import { until } from './until.ts';

interface Cluster {
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
}

interface Crd {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null;
  };
}

/** Applies the CRDs of this tree, or others of the same names in YAML, and waits until they can be used. */
export async function installCrds({ kubectl }: Cluster, yaml?: string): Promise<void> {
  if (yaml === undefined) await kubectl(['apply', '--server-side', '-k', 'crds']);
  else await kubectl(['apply', '--server-side', '-f', '-'], yaml);
  // `kubectl wait` fails where the API server has not written the conditions yet.
  await until('the CRDs are established', async () => {
    const { items } = JSON.parse(await kubectl(['get', 'crd', '-o', 'json'])) as { readonly items: readonly Crd[] };
    const own = items.filter(({ metadata }) => metadata.name.endsWith(`.${GROUP}`));
    return own.length > 0 && own.every(isEstablished);
  });
}

function isEstablished({ status }: Crd): boolean {
  return (status?.conditions ?? []).some((one) => one.type === 'Established' && one.status === 'True');
}
