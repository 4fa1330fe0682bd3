import { bucketId } from '../bucket/bucket-id.ts';
import { onceFor } from '../../base/once-for.ts';
import { without } from '../../base/defined.ts';
import { entryOf } from './file-stores.ts';
import { isSame, placeOf, recordId, type ClaimRecord, type FileStoresFormat, type Ledger, type Row } from './ledger.ts';

/** A ledger as drafts of it begin. */
interface Indexes {
  readonly claims: ReadonlyMap<string, ClaimRecord>;
  readonly rows: ReadonlyMap<string, Row>;
  /** Ids of the records on each bucket. */
  readonly byBucket: ReadonlyMap<string, ReadonlySet<string>>;
  /** Number of rows by entry: CoreWeave by identity is one text for all buckets. */
  readonly entries: ReadonlyMap<string, number>;
  /** Of all entries, without separators. */
  readonly bytes: number;
}

const indexesOf = onceFor((ledger: Ledger): Indexes => {
  const claims = new Map(ledger.claims.map((record) => [recordId(record), record] as const));
  const byBucket = new Map<string, Set<string>>();
  for (const [id, { address }] of claims) add(byBucket, bucketId(address), id);
  const entries = new Map<string, number>();
  for (const row of ledger.rows) entries.set(entryOf(row), (entries.get(entryOf(row)) ?? 0) + 1);
  const bytes = [...entries.keys()].reduce((sum, entry) => sum + Buffer.byteLength(entry), 0);
  return { claims, rows: new Map(ledger.rows.map((row) => [bucketId(row.address), row])), byBucket, entries, bytes };
});

/** Computes what a draft of the ledger needs, so that the draft itself begins at once. */
export function prepareDraft(ledger: Ledger): void {
  indexesOf(ledger);
}

/**
 * A ledger that is being changed, with indexes, so that each change is checked without a search: which claims have a
 * row on a bucket, and how large the file stores are.
 */
export class LedgerDraft {
  readonly #before: Ledger;
  readonly #rows: Map<string, Row>;
  readonly #claims: Map<string, ClaimRecord>;
  /** Sets of other drafts are copied before they are changed. */
  readonly #byBucket: Map<string, ReadonlySet<string>>;
  readonly #ownBuckets = new Map<string, Set<string>>();
  /** Computed when it is first asked for: only newcomers and moves need it. */
  #places: Map<string, Set<string>> | undefined;
  readonly #entries: Map<string, number>;
  /** Ids of the records, and buckets of the rows, that were put. What was removed shows in their number. */
  readonly #put = new Set<string>();
  readonly #setRows = new Set<string>();
  #bytes: number;
  slot: Row | undefined;
  written: FileStoresFormat;
  /** Whether the outputs must not be written until a claim is proven. */
  awaitsProof: boolean;

  constructor(ledger: Ledger) {
    const { claims, rows, byBucket, entries, bytes } = indexesOf(ledger);
    this.#before = ledger;
    this.#rows = new Map(rows);
    this.#claims = new Map(claims);
    this.#byBucket = new Map(byBucket);
    this.#entries = new Map(entries);
    this.#bytes = bytes;
    this.slot = ledger.slot;
    this.written = ledger.written;
    this.awaitsProof = ledger.awaitsProof === true;
  }

  records(): readonly ClaimRecord[] {
    return [...this.#claims.values()];
  }

  record(id: string): ClaimRecord | undefined {
    return this.#claims.get(id);
  }

  /** The records on a bucket (`bucketId`), with any sub-path. */
  recordsOn(bucket: string): readonly ClaimRecord[] {
    return this.#named(this.#byBucket.get(bucket));
  }

  /** The records at a place (`placeOf`), of any claim. */
  recordsAt(place: string): readonly ClaimRecord[] {
    return this.#named(this.#byPlace().get(place));
  }

  /** Whether a record on a bucket fulfils a condition; stops at the first that does. */
  hasRecordOn(bucket: string, fulfils: (record: ClaimRecord) => boolean): boolean {
    for (const id of this.#byBucket.get(bucket) ?? []) {
      const record = this.#claims.get(id);
      if (record !== undefined && fulfils(record)) return true;
    }
    return false;
  }

  row(bucket: string): Row | undefined {
    return this.#rows.get(bucket);
  }

  /** Adds a record, or replaces the one with the same id if it differs in a field. */
  put(record: ClaimRecord): void {
    const id = recordId(record);
    const before = this.#claims.get(id);
    if (before === record || (before !== undefined && hasSameFields(before, record))) return;
    this.#claims.set(id, record);
    this.#put.add(id);
    if (before === undefined) this.#index(id, record);
  }

  remove(record: ClaimRecord): void {
    const id = recordId(record);
    this.#claims.delete(id);
    this.#idsOn(bucketId(record.address)).delete(id);
    this.#places?.get(placeOf(record.address))?.delete(id);
  }

  /** Replaces the row of a bucket; `undefined` removes it. */
  setRow(bucket: string, row: Row | undefined): void {
    const before = this.#rows.get(bucket);
    if (before === row) return;
    this.#setRows.add(bucket);
    if (before !== undefined) this.#leave(before);
    if (row === undefined) {
      this.#rows.delete(bucket);
      return;
    }
    this.#rows.set(bucket, row);
    this.#enter(row);
  }

  /** Removes rows without records, and the slot if its record is gone. */
  dropUnused(): void {
    for (const bucket of [...this.#rows.keys()]) {
      if (!this.hasRecordOn(bucket, ({ hasRow }) => hasRow)) this.setRow(bucket, undefined);
    }
    const { slot } = this;
    if (slot === undefined) return;
    const isHeld = this.hasRecordOn(
      bucketId(slot.address),
      ({ kind, address }) => kind === 'InstanceStorage' && placeOf(address) === placeOf(slot.address),
    );
    if (!isHeld) this.slot = undefined;
  }

  /** Whether the outputs would hold the entry of a record. */
  isServed(record: ClaimRecord): boolean {
    const { slot } = this;
    return record.kind === 'InstanceStorage'
      ? slot !== undefined && placeOf(slot.address) === placeOf(record.address)
      : !record.hasRow || this.row(bucketId(record.address)) !== undefined;
  }

  hasEntry(entry: string): boolean {
    return this.#entries.has(entry);
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  /** Bytes of the file stores as one value, joined by the separator. */
  bytes(separator: string): number {
    return this.#bytes + Math.max(0, this.entryCount - 1) * Buffer.byteLength(separator);
  }

  /** The next ledger; the same object if nothing changed. */
  finish(): Ledger {
    const before = this.#before;
    const indexes = indexesOf(before);
    const { slot, written, awaitsProof } = this;
    const isUnchanged =
      slot === before.slot &&
      awaitsProof === (before.awaitsProof === true) &&
      isSame(written, before.written) &&
      isSameSet(before.rows, indexes.rows, { now: this.#rows, put: this.#setRows }) &&
      isSameSet(before.claims, indexes.claims, { now: this.#claims, put: this.#put });
    if (isUnchanged) return before;
    return {
      ...without(before, 'slot', 'awaitsProof'),
      revision: before.revision + 1,
      written,
      rows: [...this.#rows.values()],
      ...(slot !== undefined && { slot }),
      ...(awaitsProof && { awaitsProof }),
      claims: [...this.#claims.values()],
    };
  }

  #index(id: string, record: ClaimRecord): void {
    this.#idsOn(bucketId(record.address)).add(id);
    if (this.#places !== undefined) add(this.#places, placeOf(record.address), id);
  }

  /** To be changed. */
  #idsOn(bucket: string): Set<string> {
    const ids = this.#ownBuckets.get(bucket) ?? new Set(this.#byBucket.get(bucket));
    this.#ownBuckets.set(bucket, ids);
    this.#byBucket.set(bucket, ids);
    return ids;
  }

  #byPlace(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#places !== undefined) return this.#places;
    const places = new Map<string, Set<string>>();
    for (const [id, record] of this.#claims) add(places, placeOf(record.address), id);
    this.#places = places;
    return places;
  }

  #named(ids: ReadonlySet<string> = new Set()): readonly ClaimRecord[] {
    return [...ids].map((id) => this.#claims.get(id)).filter((record) => record !== undefined);
  }

  #enter(row: Row): void {
    const entry = entryOf(row);
    const count = this.#entries.get(entry) ?? 0;
    this.#entries.set(entry, count + 1);
    if (count === 0) this.#bytes += Buffer.byteLength(entry);
  }

  #leave(row: Row): void {
    const entry = entryOf(row);
    const count = this.#entries.get(entry) ?? 0;
    if (count > 1) {
      this.#entries.set(entry, count - 1);
    } else {
      this.#entries.delete(entry);
      this.#bytes -= Buffer.byteLength(entry);
    }
  }
}

function add(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}

/** Addresses are compared by identity: who makes a record again keeps the address of the former one. */
function hasSameFields(left: ClaimRecord, right: ClaimRecord): boolean {
  const names = Object.keys(left) as (keyof ClaimRecord)[];
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

/**
 * Whether a list, and its index, hold what is there now. Values are replaced and never changed, so comparison by identity
 * is enough.
 */
function isSameSet<T>(
  list: readonly T[],
  index: ReadonlyMap<string, T>,
  { now, put }: { readonly now: ReadonlyMap<string, T>; readonly put: ReadonlySet<string> },
): boolean {
  if (list.length !== now.size) return false;
  for (const id of put) if (now.get(id) !== index.get(id)) return false;
  return true;
}
