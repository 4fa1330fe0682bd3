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
  /** Wants to be alone. */
  readonly required: boolean;
  /** By age, then by name. */
  readonly rank: string;
}

/** Who asks, and whom it need not be told of. */
export interface Asker {
  readonly id: string;
  readonly namespace: string;
  /** Those that are not published are refused for its sake, so they do not count. */
  readonly onlyBound: boolean;
  /** Its own instance is told of by a reason of its own. */
  readonly instance: string;
}

/** As many are named in a status: who comes later changes nothing in the statuses of those before. */
const MAX_NAMED = 5;
/** Who asks and its instance are left out, and one more tells that there are others. */
const MAX_SEEN = MAX_NAMED + 3;

/** The claims on one bucket. */
class BucketTenants {
  /** By rank. */
  readonly ordered: Tenant[] = [];
  readonly #byPath = new Map<string, Tenant[]>();
  /** With a slash at the end, in code-unit order: what lies in a path stands together. */
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

  /** Those that are published and want to be alone, by rank. */
  get excluders(): readonly Tenant[] {
    return [...this.#required].sort((left, right) => compare(left.rank, right.rank));
  }

  /** The oldest InstanceStorage at the very path of another, if it is older than that. */
  elderInstance({ path, rank }: Tenant): Tenant | undefined {
    return [...this.#instances]
      .filter((one) => one.path === path && compare(one.rank, rank) < 0)
      .sort((left, right) => compare(left.rank, right.rank))[0];
  }

  /** Those at the path, above it and below it. */
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

/** Who names which bucket, kept up to date claim by claim: no step looks at all of them. */
export class CoTenants {
  readonly #tenants = new Map<string, Tenant>();
  readonly #buckets = new Map<string, BucketTenants>();

  /** The tenant that a claim is. */
  get(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  /** Replaces what is known of a claim. */
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

  /** All on a bucket, by age. */
  on(bucket: string): readonly Tenant[] {
    return this.#buckets.get(bucket)?.ordered ?? [];
  }

  /** Namespaces with claims on a bucket. */
  namespacesOn(bucket: string): readonly string[] {
    return this.#buckets.get(bucket)?.namespaces ?? [];
  }

  /** The one that is published, wants to be alone, and comes first, other than the asker. */
  excluder(bucket: string, asker: string): Tenant | undefined {
    return this.#buckets.get(bucket)?.excluders.find(({ id }) => id !== asker);
  }

  /** The oldest InstanceStorage on the bucket and at the path of another, if it is older than that. */
  elderInstance(id: string): Tenant | undefined {
    const tenant = this.#tenants.get(id);
    return tenant === undefined ? undefined : this.#buckets.get(tenant.bucket)?.elderInstance(tenant);
  }

  /** Names those who are named in statuses: with the same text no status of the bucket says anything else. */
  head(bucket: string): string {
    const all = this.on(bucket);
    // Two: whoever is the first of them is told of the second.
    const excluders = (this.#buckets.get(bucket)?.excluders ?? []).slice(0, 2);
    // Who wants to be alone is told of those that are published, and of nobody else.
    const published = excluders.length === 0 ? [] : all.filter(({ bound }) => bound).slice(0, MAX_SEEN);
    const named = [all.slice(0, MAX_SEEN), published].map((tenants) => tenants.map(({ id }) => id).join(' '));
    return [...named, ...excluders.map(({ id }) => id)].join('\n');
  }

  /** The others on a bucket as `asker` may see them. */
  others(bucket: string, asker: Asker): NamedOthers {
    return named(this.on(bucket), asker);
  }

  /** Those among them that can reach what lies under `path`, or the other way. */
  overlapping(bucket: string, path: string, asker: Asker): NamedOthers {
    return named(this.#buckets.get(bucket)?.overlapping(path) ?? [], asker);
  }

  /** Those that can reach what lies under a tenant's path, or the other way; itself left out. */
  overlappingWith({ id, bucket, path }: Tenant): readonly Tenant[] {
    return (this.#buckets.get(bucket)?.overlapping(path) ?? []).filter((tenant) => tenant.id !== id);
  }
}

function rankOf({ rank }: Tenant): string {
  return rank;
}

/** Where the key stands, or would stand, in a sorted list. */
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

/** Who may read one namespace learns nothing of the names in another. */
export function nameSeenFrom(namespace: string, tenant: Pick<Tenant, 'kind' | 'namespace' | 'name'>): string {
  const { kind, name } = tenant;
  if (tenant.namespace !== namespace) return '(in another namespace)';
  return kind === 'TeamStorage' ? name : `${kind} ${name}`;
}

/** Whether nothing changed that anybody could see. */
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
