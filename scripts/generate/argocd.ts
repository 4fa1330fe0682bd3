import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';

const KINDS = ['InstanceStorage', 'TeamStorage'];
const ACTIONS = ['refresh', 'resume', 'suspend'];

/** `argocd-cm` with health and actions of both kinds, to be merged into that of Argo CD. */
export function renderArgocdConfig(): string {
  const script = (file: string): string => readFileSync(`config/argocd/${file}.lua`, 'utf8');
  const actions = stringify(
    {
      'discovery.lua': script('actions/discovery'),
      definitions: ACTIONS.map((name) => ({ name, 'action.lua': script(`actions/${name}`) })),
    },
    { lineWidth: 0 },
  );
  const data = Object.fromEntries(
    KINDS.flatMap((kind) => [
      [`resource.customizations.health.storage.wandb.com_${kind}`, script('health')],
      [`resource.customizations.actions.storage.wandb.com_${kind}`, actions],
    ]),
  );
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', namespace: 'argocd' }, data };
  return [
    '# Generated from the scripts in this folder by npm run generate. Do not edit.',
    '#   kubectl patch configmap argocd-cm -n argocd --patch-file config/argocd/argocd-cm.yaml',
    stringify(configMap, { lineWidth: 0 }),
  ].join('\n');
}
