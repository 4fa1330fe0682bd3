import type { Bucket, Tenant } from './bucket-map.ts';
import type { Credential } from './bucket-labels.ts';

/** Buckets that credentials connect: each credential reaches the files of every storage in each bucket where it is used. */
export interface Connected {
  readonly buckets: readonly Bucket[];
  readonly credentials: readonly CredentialUse[];
}

/** A credential, and the buckets where it is used. */
export interface CredentialUse extends Credential {
  readonly buckets: readonly Bucket[];
  /** The storages that sign in with it. */
  readonly users: readonly Tenant[];
}

/** Every credential with its buckets. */
export function credentialsOf(buckets: readonly Bucket[]): readonly CredentialUse[] {
  const uses = buckets.flatMap((bucket) => bucket.tenants.map((tenant) => ({ bucket, tenant })));
  return [...Map.groupBy(uses, ({ tenant }) => tenant.credential.id).values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const users = members.map(({ tenant }) => tenant);
    return [{ ...first.tenant.credential, users, buckets: [...new Set(members.map(({ bucket }) => bucket))] }];
  });
}

/** Splits buckets into groups that no credential connects; those with the most storages come first. */
export function connected(buckets: readonly Bucket[]): readonly Connected[] {
  const credentials = credentialsOf(buckets);
  const groupOf = new Map(buckets.map((bucket) => [bucket, new Set([bucket])]));
  for (const { buckets: together } of credentials) {
    const merged = new Set(together.flatMap((bucket) => [...(groupOf.get(bucket) ?? [])]));
    for (const bucket of merged) groupOf.set(bucket, merged);
  }
  const size = (group: Connected): number => group.buckets.reduce((sum, { tenants }) => sum + tenants.length, 0);
  return [...new Set(groupOf.values())]
    .map((group) => ({
      buckets: [...group],
      credentials: credentials.filter(({ buckets: [first] }) => first !== undefined && group.has(first)),
    }))
    .toSorted((left, right) => size(right) - size(left));
}
