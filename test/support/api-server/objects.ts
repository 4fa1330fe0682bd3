import { CONFIG_MAPS, SECRETS, TEAM_STORAGES } from '../../../src/api/resources.ts';
import type { KubeFailure } from '../../../src/ports/kube.ts';
import type { Result } from '../../../src/base/result.ts';

/** Manifests for the tests of the API server in memory. */
type Parts = Readonly<Record<string, unknown>> & { readonly metadata?: object };

function manifest(apiVersion: string, kind: string, name: string, { metadata, ...fields }: Parts) {
  return { apiVersion, kind, metadata: { name, namespace: 'ns', ...metadata }, ...fields } as never;
}

export const configMap = (name: string, parts: Parts = {}) => manifest('v1', CONFIG_MAPS.kind, name, parts);
export const secret = (name: string, parts: Parts = {}) => manifest('v1', SECRETS.kind, name, parts);
export const team = (name: string, parts: Parts = {}) =>
  manifest('storage.wandb.com/v1alpha1', TEAM_STORAGES.kind, name, { spec: TEAM_SPEC, ...parts });

export const TEAM_SPEC = { team: 'omega', bucket: { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' } } };

export const at = (name: string) => ({ namespace: 'ns', name });

/** The value of an answer that must have gone well. */
export function valueOf<T>(answer: Result<T, KubeFailure>): T {
  if (!answer.ok) throw new Error(`${answer.error.reason}: ${answer.error.message}`);
  return answer.value;
}
