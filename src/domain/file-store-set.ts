import { bucketId } from './bucket-identity.ts';
import { fileStoreEntry } from './file-store-address.ts';
import { byClaim, compare, type LedgerStore } from './ledger.ts';

/** The stores of one bucket, and the one among them whose credential is published. */
interface Group {
  readonly stores: Set<LedgerStore>;
  newest: LedgerStore;
  entry: string;
}

/**
 * Entries of the file-stores variable, kept up to date while stores come and
 * go: what a store more would take is known without building the variable anew.
 *
 * Where claims share a bucket and one of them has already proven a rotated key,
 * the newer key wins: the others are about to prove the same.
 */
export class FileStoreSet {
  readonly #groups = new Map<string, Group>();
  /** How many buckets have this entry: CoreWeave by identity is one text, whatever the bucket. */
  readonly #entries = new Map<string, number>();
  #bytes = 0;

  add(store: LedgerStore): void {
    const id = bucketId(store.storage);
    const group = this.#groups.get(id);
    if (group === undefined) {
      this.#groups.set(id, { stores: new Set([store]), newest: store, entry: this.#enter(store) });
      return;
    }
    group.stores.add(store);
    if (isPreferred(store, group.newest)) this.#prefer(group, store);
  }

  remove(store: LedgerStore): void {
    const id = bucketId(store.storage);
    const group = this.#groups.get(id);
    if (group?.stores.delete(store) !== true || group.newest !== store) return;
    const [first, ...others] = group.stores;
    if (first === undefined) {
      this.#groups.delete(id);
      this.#leave(group.entry);
    } else {
      this.#prefer(
        group,
        others.reduce((best, other) => (isPreferred(other, best) ? other : best), first),
      );
    }
  }

  has(entry: string): boolean {
    return this.#entries.has(entry);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of the variable's value with entries joined by `separator`. */
  bytes(separator: string): number {
    return this.#bytes + Math.max(0, this.size - 1) * Buffer.byteLength(separator);
  }

  /** The entries in canonical order. */
  entries(): readonly string[] {
    return [...this.#entries.keys()].sort(compare);
  }

  #prefer(group: Group, store: LedgerStore): void {
    const { entry } = group;
    group.newest = store;
    group.entry = this.#enter(store);
    this.#leave(entry);
  }

  #enter(store: LedgerStore): string {
    const entry = fileStoreEntry(store.storage, store.credential);
    const count = this.#entries.get(entry) ?? 0;
    this.#entries.set(entry, count + 1);
    if (count === 0) this.#bytes += Buffer.byteLength(entry);
    return entry;
  }

  #leave(entry: string): void {
    const count = this.#entries.get(entry) ?? 0;
    if (count > 1) {
      this.#entries.set(entry, count - 1);
    } else {
      this.#entries.delete(entry);
      this.#bytes -= Buffer.byteLength(entry);
    }
  }
}

/** Live before retained, then the newer proof, then the canonical order. */
function isPreferred(store: LedgerStore, other: LedgerStore): boolean {
  if (store.retained !== other.retained) return other.retained;
  const byTime = compare(store.provenAt, other.provenAt);
  return byTime === 0 ? byClaim(store, other) < 0 : byTime > 0;
}
