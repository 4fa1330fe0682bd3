import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import type { DeploymentCloud } from './file-stores.ts';

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

/**
 * The InstanceStorage that a team belongs to: the one that it names, or was
 * resolved to before, or the only one of its namespace.
 */
export function instanceOfTeam(team: TeamStorage, instances: readonly InstanceStorage[]): string | undefined {
  const named = team.spec.instanceRef?.name ?? team.status?.instanceRef?.name;
  if (named !== undefined) return named;
  const [only, ...others] = instances.filter((one) => one.metadata.namespace === team.metadata.namespace);
  return others.length === 0 ? only?.metadata.name : undefined;
}
