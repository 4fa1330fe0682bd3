import type { InstanceStorage } from '../../api/resources.ts';
import type { Sanitized } from './sanitize-spec.ts';
import type { DeploymentCloud } from '../publication/file-stores.ts';

/** The documented name, and that of the document of 2024, which servers of that time read. */
const DEFAULT_VARIABLES = ['GORILLA_SUPPORTED_FILE_STORES', 'SUPPORTED_FILE_STORES'];

/** Where the server runs and how it takes file stores. Defaults apply if the instance does not set them or is gone. */
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
 * Whether the outputs follow the instance. They are frozen while it is gone or suspended, and while an invalid spec
 * leaves unclear how they are written.
 */
export function isPublishing(instance: Sanitized<InstanceStorage> | undefined): instance is Sanitized<InstanceStorage> {
  if (instance === undefined || instance.spec.suspend === true) return false;
  return instance.violations?.fields.some((field) => field === 'deployment' || field === 'fileStores') !== true;
}

/**
 * The origin from which browsers load W&B, for CORS: scheme and host, never a path. Absent if `deployment.url` is
 * absent or not a URL.
 */
export function appOrigin(spec: InstanceStorage['spec']): string | undefined {
  const url = spec.deployment.url;
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}
