import type { Tenant } from './bucket-map.ts';
import { isTeam, type Report, type ReportedStorage } from './report.ts';

/** How the storages of one report are named: the namespace only where there are several. */
export interface Naming {
  readonly name: (of: { readonly namespace: string; readonly name: string }) => string;
  /** `TeamStorage omega (team omega-research)`. */
  readonly title: (storage: ReportedStorage) => string;
  /** Id of the part of the page about a storage. */
  readonly anchor: (id: string) => string | undefined;
}

export function namingOf({ storages, map }: Pick<Report, 'storages' | 'map'>): Naming {
  const tenants: readonly Pick<Tenant, 'namespace'>[] = map.buckets.flatMap((bucket) => bucket.tenants);
  const namespaces = new Set([...storages.map(({ view }) => view.namespace), ...tenants.map((one) => one.namespace)]);
  // Numbers, because a name can have characters that an id must not have.
  const anchors = new Map(storages.map(({ id }, index) => [id, `storage-${index + 1}`]));
  const name: Naming['name'] = (of) => (namespaces.size > 1 ? `${of.namespace}/${of.name}` : of.name);
  return {
    name,
    title: ({ view }) => {
      const team = isTeam(view) && view.team !== view.name ? ` (team ${view.team})` : '';
      return `${view.kind} ${name(view)}${team}`;
    },
    anchor: (id) => anchors.get(id),
  };
}
