import { bucketId } from './bucket-identity.ts';
import { COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import type { FileStoreSet } from './file-store-set.ts';
import { fileStoreSet, hasEntry, MAX_FILE_STORES_BYTES, type DeploymentCloud } from './file-stores.ts';
import type { LedgerStore } from './ledger.ts';
import type { Problem } from './problem.ts';

export interface PublishRules {
  readonly cloud: DeploymentCloud;
  readonly separator: string;
  /** For tests; the kernel's limit otherwise. */
  readonly maxBytes?: number;
  /** Why no claim may be added that the ledger does not hold. */
  readonly closedFor?: Problem;
}

/** The stores while proofs are put in one after the other, with what it takes to judge each without a look at all. */
export class Places {
  readonly #stores: Map<string, LedgerStore>;
  readonly #rules: PublishRules;
  readonly #entries: FileStoreSet;
  /** What claims that are gone left, by bucket and sub-path. */
  readonly #retained: Map<string, readonly LedgerStore[]>;

  constructor(stores: Map<string, LedgerStore>, rules: PublishRules) {
    this.#stores = stores;
    this.#rules = rules;
    this.#entries = fileStoreSet(stores.values(), rules.cloud);
    const retained = [...stores.values()].filter((store) => store.retained);
    this.#retained = Map.groupBy(retained, placeOf);
  }

  /** Puts the store in, in place of what a claim that is gone left of the same bucket; a newcomer that does not fit is refused. */
  place(store: LedgerStore): Problem | undefined {
    const { uid } = store.claim;
    const before = this.#stores.get(uid);
    if (before === undefined && this.#rules.closedFor !== undefined) return this.#rules.closedFor;
    const adopted = this.#retained.get(placeOf(store)) ?? [];
    const gone = before === undefined ? adopted : [before, ...adopted];
    if (before !== store || adopted.length > 0) this.#swap(gone, [store]);
    const problem = this.#problem(store);
    if (problem !== undefined) {
      this.#swap([store], gone);
      return problem;
    }
    for (const other of adopted) this.#stores.delete(other.claim.uid);
    this.#retained.delete(placeOf(store));
    this.#stores.set(uid, store);
    return undefined;
  }

  #swap(gone: readonly LedgerStore[], come: readonly LedgerStore[]): void {
    const { cloud } = this.#rules;
    for (const store of gone) this.#entries.remove(store);
    for (const store of come) if (hasEntry(store, cloud)) this.#entries.add(store);
  }

  #problem(store: LedgerStore): Problem | undefined {
    const { separator, maxBytes: limit = MAX_FILE_STORES_BYTES } = this.#rules;
    if (this.#entries.size > 1 && this.#entries.has(COREWEAVE_IDENTITY_ENTRY)) return coreWeaveExclusive(store);
    const bytes = this.#entries.bytes(separator);
    if (bytes <= limit) return undefined;
    return {
      reason: 'FileStoresFull',
      message: `The entry does not fit: with it the file stores would take ${bytes} bytes of the ${limit} that an environment variable can hold.`,
      remedy: 'Let teams share buckets by sub-path (they then share one entry), or remove stores that are retained.',
      failureClass: 'external',
    };
  }
}

/** The server takes `cw://` only as the whole value; whichever was published first keeps its place. */
function coreWeaveExclusive({ storage }: LedgerStore): Problem {
  const newcomer = storage.provider === 'CoreWeave' && storage.credentials.kind === 'Ambient';
  return {
    reason: 'CoreWeaveIdentityExclusive',
    message: newcomer
      ? 'CoreWeave by identity must be the only file store, and others are published already.'
      : 'CoreWeave by identity is published already, and it must be the only file store.',
    remedy: newcomer
      ? 'Give the CoreWeave bucket an access key (coreWeave.credentials.accessKey).'
      : 'Give the CoreWeave buckets of this instance access keys; then other stores can stand beside them.',
    failureClass: 'external',
  };
}

function placeOf({ storage }: LedgerStore): string {
  return `${bucketId(storage)}|${storage.path}`;
}
