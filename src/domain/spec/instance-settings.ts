import type { InstanceStorage } from '../../api/resources.ts';
import type { DeploymentCloud } from '../publication/file-stores.ts';

/** The documented name, and the one of the 2024 document, which servers of that time read. */
const DEFAULT_VARIABLES = ['GORILLA_SUPPORTED_FILE_STORES', 'SUPPORTED_FILE_STORES'];

/** Where the server runs and how it takes file stores; defaults where the instance says nothing, or is gone. */
export function instanceFormat(spec: InstanceStorage['spec'] | undefined): {
  readonly cloud: DeploymentCloud;
  readonly separator: string;
  readonly variables: readonly string[];
} {
  return {
    cloud: spec?.deployment.cloud ?? 'OnPremises',
    separator: spec?.fileStores?.separator ?? ',',
    variables: spec?.fileStores?.variables ?? DEFAULT_VARIABLES,
  };
}

/**
 * The origin from which browsers load W&B, for CORS: scheme and host, never a
 * path. Absent when `deployment.url` is absent or no URL.
 */
export function appOrigin(spec: InstanceStorage['spec']): string | undefined {
  const url = spec.deployment.url;
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}
