import { type CoTenants, isSameTenant, type Tenant } from './co-tenants.ts';
import type { RequestedBuckets } from './requested-buckets.ts';
import type { ClaimKey } from './world.ts';

/** The change of one claim; `id` contains its kind, namespace and name. */
export interface TenantChange {
  readonly id: string;
  readonly before: Tenant | undefined;
  readonly after: Tenant | undefined;
}

/** Updates the index of claims by bucket, and returns the other claims whose decision may have changed. */
export function changeTenants(
  coTenants: CoTenants,
  requested: RequestedBuckets,
  changes: readonly TenantChange[],
): readonly ClaimKey[] {
  const real = changes.filter(({ before, after }) => !isSameTenant(before, after));
  if (real.length === 0) return [];
  const touched = real.flatMap(({ before, after }) => [before, after]).filter((tenant) => tenant !== undefined);
  const buckets = [...new Set(touched.map(({ bucket }) => bucket))];
  const heads = new Map(buckets.map((bucket) => [bucket, coTenants.head(bucket)] as const));
  for (const { id, after } of real) coTenants.set(id, after);
  const isNewHead = (bucket: string): boolean => coTenants.head(bucket) !== heads.get(bucket);
  const changed = new Set(buckets.filter(isNewHead));
  const affected = new Map<string, ClaimKey>();
  for (const bucket of changed) {
    for (const tenant of coTenants.on(bucket)) affected.set(tenant.id, tenant);
    for (const [id, key] of requested.on(bucket)) affected.set(id, key);
  }
  for (const tenant of touched) {
    if (changed.has(tenant.bucket)) continue;
    for (const other of coTenants.overlappingWith(tenant)) affected.set(other.id, other);
  }
  for (const { id } of changes) affected.delete(id);
  return [...affected.values()];
}
