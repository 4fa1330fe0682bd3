import { compare } from '../publication/ledger.ts';
import type { NamedOthers } from './isolation.ts';

/** A claim that is published on a bucket. */
export interface Tenant {
  /** Kind, namespace and name as one text. */
  readonly id: string;
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly namespace: string;
  readonly name: string;
  /** `physicalBucket` of its bucket. */
  readonly bucket: string;
  readonly path: string;
  /** Wants to be alone. */
  readonly required: boolean;
  /** `precedence`. */
  readonly rank: string;
}

/** As many are named in a status: who comes later changes nothing in the statuses of those before. */
const MAX_NAMED = 5;

interface BucketView {
  /** In the order of precedence. */
  readonly ordered: readonly Tenant[];
  readonly byPath: ReadonlyMap<string, readonly Tenant[]>;
  /** With a slash at the end, in code-unit order: what lies in a path stands together. */
  readonly paths: readonly string[];
}

/** Who is published on which bucket, kept up to date claim by claim. */
export class CoTenants {
  readonly #tenants = new Map<string, Tenant>();
  readonly #byBucket = new Map<string, Map<string, Tenant>>();
  readonly #required = new Map<string, Map<string, Tenant>>();
  readonly #views = new Map<string, BucketView>();

  /** The tenant that a claim is. */
  get(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  /** Replaces what is known of a claim. */
  set(id: string, tenant: Tenant | undefined): void {
    const before = this.#tenants.get(id);
    if (before !== undefined) this.#take(before);
    if (tenant === undefined) this.#tenants.delete(id);
    else this.#put(tenant);
  }

  /** Names those who are named in statuses: with the same text no status of the bucket says anything else. */
  head(bucket: string): string {
    const first = this.#view(bucket).ordered.slice(0, MAX_NAMED + 2);
    return [...first.map(({ id }) => id), this.excluder(bucket, '')?.id ?? ''].join('\n');
  }

  /** The tenant that wants a bucket for itself and comes first, other than the asker. */
  excluder(bucket: string, asker: string): Tenant | undefined {
    const required = [...(this.#required.get(bucket)?.values() ?? [])].filter(({ id }) => id !== asker);
    return required.sort((left, right) => compare(left.rank, right.rank))[0];
  }

  /** The tenants of a bucket in the order of precedence. */
  on(bucket: string): readonly Tenant[] {
    return this.#view(bucket).ordered;
  }

  count(bucket: string): number {
    return this.#byBucket.get(bucket)?.size ?? 0;
  }

  /** Those that can reach what lies under a tenant's path, or the other way; itself left out. */
  overlappingWith({ id, bucket, path }: Tenant): readonly Tenant[] {
    const view = this.#view(bucket);
    return (path === '' ? view.ordered : overlap(view, path)).filter((tenant) => tenant.id !== id);
  }

  /** The others on a bucket as `asker` may see them. */
  others(bucket: string, asker: { readonly id: string; readonly namespace: string }): NamedOthers {
    return named(this.#view(bucket).ordered, asker);
  }

  /** Those among them that can reach what lies under `path`, or the other way. */
  overlapping(
    bucket: string,
    asker: { readonly id: string; readonly namespace: string; readonly path: string },
  ): NamedOthers {
    const view = this.#view(bucket);
    return named(asker.path === '' ? view.ordered : overlap(view, asker.path), asker);
  }

  #view(bucket: string): BucketView {
    const known = this.#views.get(bucket);
    if (known !== undefined) return known;
    const ordered = [...(this.#byBucket.get(bucket)?.values() ?? [])].sort((left, right) =>
      compare(left.rank, right.rank),
    );
    const byPath = Map.groupBy(ordered, ({ path }) => path);
    const view = { ordered, byPath, paths: [...byPath.keys()].map((path) => `${path}/`).sort(compare) };
    this.#views.set(bucket, view);
    return view;
  }

  #put(tenant: Tenant): void {
    this.#tenants.set(tenant.id, tenant);
    add(this.#byBucket, tenant);
    if (tenant.required) add(this.#required, tenant);
    this.#views.delete(tenant.bucket);
  }

  #take(tenant: Tenant): void {
    for (const index of [this.#byBucket, this.#required]) {
      const tenants = index.get(tenant.bucket);
      tenants?.delete(tenant.id);
      if (tenants?.size === 0) index.delete(tenant.bucket);
    }
    this.#views.delete(tenant.bucket);
  }
}

function add(index: Map<string, Map<string, Tenant>>, tenant: Tenant): void {
  const tenants = index.get(tenant.bucket) ?? new Map<string, Tenant>();
  tenants.set(tenant.id, tenant);
  index.set(tenant.bucket, tenants);
}

/** Those at the path itself, above it and below it. */
function overlap({ byPath, paths }: BucketView, path: string): readonly Tenant[] {
  const parts = path.split('/');
  const above = ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
  const below: string[] = [];
  for (let at = firstAtLeast(paths, `${path}/`); paths[at]?.startsWith(`${path}/`) === true; at += 1) {
    below.push((paths[at] ?? '').slice(0, -1));
  }
  return [...new Set([...above, ...below])]
    .flatMap((one) => byPath.get(one) ?? [])
    .sort((left, right) => compare(left.rank, right.rank));
}

function firstAtLeast(sorted: readonly string[], wanted: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function named(tenants: readonly Tenant[], asker: { readonly id: string; readonly namespace: string }): NamedOthers {
  const names: string[] = [];
  for (const tenant of tenants) {
    if (tenant.id === asker.id) continue;
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
    left.required === right.required &&
    left.rank === right.rank
  );
}
