import { pathsOverlap } from '../../domain/bucket/physical-bucket.ts';
import type { Tenant } from './bucket-map.ts';

/** The storages at one path of a bucket, and the paths inside it. */
export interface PathNode {
  /** Empty for the whole bucket. */
  readonly path: string;
  readonly tenants: readonly Tenant[];
  readonly inside: readonly PathNode[];
}

/** Which paths lie inside which. */
export function pathTree(tenants: readonly Tenant[]): readonly PathNode[] {
  const byPath = Map.groupBy(tenants, ({ path }) => path);
  const paths = [...byPath.keys()].toSorted((left, right) => left.length - right.length || (left < right ? -1 : 1));
  return nodesOf(paths, byPath);
}

function nodesOf(paths: readonly string[], tenants: ReadonlyMap<string, readonly Tenant[]>): readonly PathNode[] {
  const [path, ...others] = paths;
  if (path === undefined) return [];
  // The paths come by length, so an overlapping one is inside.
  const inside = others.filter((other) => pathsOverlap(path, other));
  const beside = others.filter((other) => !inside.includes(other));
  return [{ path, tenants: tenants.get(path) ?? [], inside: nodesOf(inside, tenants) }, ...nodesOf(beside, tenants)];
}
