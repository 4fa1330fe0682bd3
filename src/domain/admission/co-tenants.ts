import { compare } from '../publication/ledger.ts';
import type { NamedOthers } from './isolation.ts';

/** A claim that names a bucket. */
export interface Tenant {
  /** Kind, namespace and name as one text. */
  readonly id: string;
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly namespace: string;
  readonly name: string;
  /** `physicalBucket` of its bucket. */
  readonly bucket: string;
  readonly path: string;
  /** Published there. */
  readonly bound: boolean;
  /** Requires an exclusive bucket. */
  readonly required: boolean;
  /** Sort key: by age, then by name. */
  readonly rank: string;
}

/** For which claim co-tenants are listed, and which of them are left out. */
export interface Asker {
  readonly id: string;
  readonly namespace: string;
  /** Claims that are not published are refused in favour of this one, so they do not count. */
  readonly onlyBound: boolean;
  /** Its own instance is left out, because a separate reason reports it. */
  readonly instance: string;
}

/** As many are named in a status, so that a later claim does not change the statuses of earlier ones. */
const MAX_NAMED = 5;
/** The asker and its instance are left out, and one more shows that there are others. */
const MAX_SEEN = MAX_NAMED + 3;

/** The claims on one bucket. */
class BucketTenants {
  /** By rank. */
  readonly ordered: Tenant[] = [];
  readonly #byPath = new Map<string, Tenant[]>();
  /** With a trailing slash, in code-unit order: paths below a path are adjacent to it. */
  readonly #paths: string[] = [];
  readonly #required = new Set<Tenant>();
  readonly #instances = new Set<Tenant>();
  readonly #namespaces = new Map<string, number>();

  put(tenant: Tenant): void {
    insert(this.ordered, tenant, rankOf);
    const here = this.#byPath.get(tenant.path);
    if (here === undefined) {
      this.#byPath.set(tenant.path, [tenant]);
      insert(this.#paths, `${tenant.path}/`, (path) => path);
    } else {
      insert(here, tenant, rankOf);
    }
    if (tenant.bound && tenant.required) this.#required.add(tenant);
    if (tenant.kind === 'InstanceStorage') this.#instances.add(tenant);
    this.#count(tenant.namespace, 1);
  }

  take(tenant: Tenant): void {
    remove(this.ordered, tenant, rankOf);
    const here = this.#byPath.get(tenant.path) ?? [];
    remove(here, tenant, rankOf);
    if (here.length === 0) {
      this.#byPath.delete(tenant.path);
      remove(this.#paths, `${tenant.path}/`, (path) => path);
    }
    this.#required.delete(tenant);
    this.#instances.delete(tenant);
    this.#count(tenant.namespace, -1);
  }

  get namespaces(): readonly string[] {
    return [...this.#namespaces.keys()];
  }

  #count(namespace: string, change: 1 | -1): void {
    const count = (this.#namespaces.get(namespace) ?? 0) + change;
    if (count > 0) this.#namespaces.set(namespace, count);
    else this.#namespaces.delete(namespace);
  }

  /** The published claims that require an exclusive bucket, by rank. */
  get excluders(): readonly Tenant[] {
    return [...this.#required].sort((left, right) => compare(left.rank, right.rank));
  }

  /** The oldest InstanceStorage at exactly the path of another, if it is older. */
  elderInstance({ path, rank }: Tenant): Tenant | undefined {
    return [...this.#instances]
      .filter((one) => one.path === path && compare(one.rank, rank) < 0)
      .sort((left, right) => compare(left.rank, right.rank))[0];
  }

  /** The claims at the path, above it and below it. */
  overlapping(path: string): readonly Tenant[] {
    if (path === '') return this.ordered;
    const parts = path.split('/');
    const found = ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
    for (let at = positionOf(this.#paths, `${path}/`, (one) => one); this.#paths[at]?.startsWith(`${path}/`); at += 1) {
      found.push((this.#paths[at] ?? '').slice(0, -1));
    }
    return [...new Set(found)]
      .flatMap((one) => this.#byPath.get(one) ?? [])
      .sort((left, right) => compare(left.rank, right.rank));
  }
}

/** Index of the claims by bucket, updated claim by claim: no operation visits all of them. */
export class CoTenants {
  readonly #tenants = new Map<string, Tenant>();
  readonly #buckets = new Map<string, BucketTenants>();

  /** The tenant with this id. */
  get(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  /** Replaces the entry of a claim. */
  set(id: string, tenant: Tenant | undefined): void {
    const before = this.#tenants.get(id);
    if (before !== undefined) {
      const bucket = this.#buckets.get(before.bucket);
      bucket?.take(before);
      if (bucket?.ordered.length === 0) this.#buckets.delete(before.bucket);
    }
    if (tenant === undefined) {
      this.#tenants.delete(id);
      return;
    }
    this.#tenants.set(id, tenant);
    const bucket = this.#buckets.get(tenant.bucket) ?? new BucketTenants();
    this.#buckets.set(tenant.bucket, bucket);
    bucket.put(tenant);
  }

  /** All claims on a bucket, by age. */
  on(bucket: string): readonly Tenant[] {
    return this.#buckets.get(bucket)?.ordered ?? [];
  }

  /** Namespaces with claims on a bucket. */
  namespacesOn(bucket: string): readonly string[] {
    return this.#buckets.get(bucket)?.namespaces ?? [];
  }

  /** The first published claim on the bucket that requires it exclusively, other than the asker. */
  excluder(bucket: string, asker: string): Tenant | undefined {
    return this.#buckets.get(bucket)?.excluders.find(({ id }) => id !== asker);
  }

  /** The oldest InstanceStorage on the bucket and path of another, if it is older. */
  elderInstance(id: string): Tenant | undefined {
    const tenant = this.#tenants.get(id);
    return tenant === undefined ? undefined : this.#buckets.get(tenant.bucket)?.elderInstance(tenant);
  }

  /** The tenants that are named in statuses: while this text is the same, no status of the bucket changes. */
  head(bucket: string): string {
    const all = this.on(bucket);
    // Two, because the first of them reports the second.
    const excluders = (this.#buckets.get(bucket)?.excluders ?? []).slice(0, 2);
    // A claim that requires an exclusive bucket reports the published ones only.
    const published = excluders.length === 0 ? [] : all.filter(({ bound }) => bound).slice(0, MAX_SEEN);
    const named = [all.slice(0, MAX_SEEN), published].map((tenants) => tenants.map(({ id }) => id).join(' '));
    return [...named, ...excluders.map(({ id }) => id)].join('\n');
  }

  /** The other claims on a bucket, as visible to `asker`. */
  others(bucket: string, asker: Asker): NamedOthers {
    return named(this.on(bucket), asker);
  }

  /** Those of them whose paths overlap with `path`. */
  overlapping(bucket: string, path: string, asker: Asker): NamedOthers {
    return named(this.#buckets.get(bucket)?.overlapping(path) ?? [], asker);
  }

  /** The claims whose paths overlap with that of a tenant, the tenant excluded. */
  overlappingWith({ id, bucket, path }: Tenant): readonly Tenant[] {
    return (this.#buckets.get(bucket)?.overlapping(path) ?? []).filter((tenant) => tenant.id !== id);
  }
}

function rankOf({ rank }: Tenant): string {
  return rank;
}

/** Where the key is, or would be inserted, in a sorted list. */
function positionOf<T>(sorted: readonly T[], key: string, keyOf: (item: T) => string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && keyOf(item) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert<T>(sorted: T[], item: T, keyOf: (item: T) => string): void {
  sorted.splice(positionOf(sorted, keyOf(item), keyOf), 0, item);
}

function remove<T>(sorted: T[], item: T, keyOf: (item: T) => string): void {
  const at = positionOf(sorted, keyOf(item), keyOf);
  if (sorted[at] === item) sorted.splice(at, 1);
}

function named(tenants: readonly Tenant[], asker: Asker): NamedOthers {
  const names: string[] = [];
  for (const tenant of tenants) {
    if (tenant.id === asker.id || tenant.id === asker.instance || (asker.onlyBound && !tenant.bound)) continue;
    if (names.length === MAX_NAMED) return { names, more: true };
    names.push(nameSeenFrom(asker.namespace, tenant));
  }
  return { names, more: false };
}

/** Users who may read one namespace must not learn names in another. */
export function nameSeenFrom(namespace: string, tenant: Pick<Tenant, 'kind' | 'namespace' | 'name'>): string {
  const { kind, name } = tenant;
  if (tenant.namespace !== namespace) return '(in another namespace)';
  return kind === 'TeamStorage' ? name : `${kind} ${name}`;
}

/** Whether no visible field changed. */
export function isSameTenant(left: Tenant | undefined, right: Tenant | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return (
    left.bucket === right.bucket &&
    left.path === right.path &&
    left.bound === right.bound &&
    left.required === right.required &&
    left.rank === right.rank
  );
}
