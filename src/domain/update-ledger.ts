import { bucketId } from './bucket-identity.ts';
import { COREWEAVE_IDENTITY_ENTRY } from './file-store-address.ts';
import { fileStoreEntries, MAX_FILE_STORES_BYTES, needsEntry, type DeploymentCloud } from './file-stores.ts';
import type { Claim, DeletionPolicy, Ledger, LedgerStore } from './ledger.ts';
import type { Problem } from './problem.ts';
import type { BucketStorage, Credential } from './storage.ts';

/** That a bucket was proven end to end with exactly this credential. */
export interface Proof {
  readonly storage: BucketStorage;
  readonly credential?: Credential;
  readonly credentialDigest: string;
  /** RFC 3339. */
  readonly provenAt: string;
}

/** One live CR as the publisher sees it. */
export interface LiveClaim {
  readonly claim: Claim;
  readonly deletionPolicy: DeletionPolicy;
  /** Publication is frozen. */
  readonly suspended: boolean;
  readonly proof?: Proof;
  /** CR whose bucket this one uses (`bucketFrom`): that entry must outlive it. */
  readonly usesBucketOf?: string;
}

/** What became of one claim's publication. */
export type Publication =
  | { readonly state: 'Published' | 'NoEntryNeeded'; readonly store: LedgerStore }
  | { readonly state: 'AwaitingProof' }
  | { readonly state: 'Refused'; readonly problem: Problem; readonly store?: LedgerStore };

/** What the ledger holds for a claim, whatever became of its newest proof. */
export function storeOfPublication(publication: Publication | undefined): LedgerStore | undefined {
  return publication !== undefined && 'store' in publication ? publication.store : undefined;
}

export interface PublishRules {
  readonly cloud: DeploymentCloud;
  readonly separator: string;
  /** For tests; the kernel's limit otherwise. */
  readonly maxBytes?: number;
}

/**
 * The next ledger from the last one and what is live now. The three promises
 * are kept here: only a `proof` adds or replaces a store; only `deletionPolicy:
 * Remove` takes one away, and never while another live claim uses its bucket;
 * everything else, a missing proof above all, leaves what stands.
 */
export function updateLedger(
  ledger: Ledger,
  live: readonly LiveClaim[],
  rules: PublishRules,
): { readonly ledger: Ledger; readonly publications: ReadonlyMap<string, Publication> } {
  const stores = keptStores(ledger, live);
  const refused = new Map<string, Problem>();
  for (const claim of [...live].sort(byProof)) {
    if (claim.proof === undefined || claim.suspended) continue;
    const problem = place(stores, storeOf(claim, claim.proof, stores.get(claim.claim.uid)), rules);
    if (problem !== undefined) refused.set(claim.claim.uid, problem);
  }
  const publications = new Map(
    live.map((claim) => [claim.claim.uid, publicationOf(claim, stores, refused, rules.cloud)] as const),
  );
  return { ledger: { salt: ledger.salt, stores: [...stores.values()] }, publications };
}

function keptStores(ledger: Ledger, live: readonly LiveClaim[]): Map<string, LedgerStore> {
  const byUid = new Map(live.map((claim) => [claim.claim.uid, claim]));
  const used = new Set(live.map((claim) => claim.usesBucketOf));
  const kept = ledger.stores.flatMap((store): LedgerStore[] => {
    const claim = byUid.get(store.claim.uid);
    if (claim !== undefined) return [{ ...store, deletionPolicy: claim.deletionPolicy, retained: false }];
    if (store.deletionPolicy === 'Remove' && !used.has(store.claim.name)) return [];
    return [{ ...store, retained: true }];
  });
  return new Map(kept.map((store) => [store.claim.uid, store]));
}

/** Incumbents before newcomers is implied: a replaced store never grows the list by an entry. Oldest proof first, then by name. */
function byProof(left: LiveClaim, right: LiveClaim): number {
  const key = (claim: LiveClaim): string => `${claim.proof?.provenAt ?? ''}|${claim.claim.name}|${claim.claim.uid}`;
  return key(left) < key(right) ? -1 : 1;
}

function storeOf(live: LiveClaim, proof: Proof, previous: LedgerStore | undefined): LedgerStore {
  const unchanged =
    previous?.credentialDigest === proof.credentialDigest &&
    JSON.stringify(previous.storage) === JSON.stringify(proof.storage);
  const rotated = previous !== undefined && previous.credentialDigest !== proof.credentialDigest;
  const rotatedAt = rotated ? proof.provenAt : previous?.rotatedAt;
  return {
    claim: live.claim,
    storage: proof.storage,
    ...(proof.credential !== undefined && { credential: proof.credential }),
    credentialDigest: proof.credentialDigest,
    // The first proof of what stands: a fresh time at each validation would roll the server for nothing.
    provenAt: unchanged ? previous.provenAt : proof.provenAt,
    ...(rotatedAt !== undefined && { rotatedAt }),
    deletionPolicy: live.deletionPolicy,
    retained: false,
  };
}

/** Puts the store in, in place of what a claim that is gone left of the same bucket; a newcomer that does not fit is refused. */
function place(stores: Map<string, LedgerStore>, store: LedgerStore, rules: PublishRules): Problem | undefined {
  const next = new Map(stores);
  for (const [uid, other] of next) {
    if (other.retained && sameBucketAndPath(other, store)) next.delete(uid);
  }
  next.set(store.claim.uid, store);
  const entries = fileStoreEntries([...next.values()], rules.cloud);
  if (entries.length > 1 && entries.includes(COREWEAVE_IDENTITY_ENTRY)) return coreWeaveExclusive(store);
  const bytes = Buffer.byteLength(entries.join(rules.separator));
  const limit = rules.maxBytes ?? MAX_FILE_STORES_BYTES;
  if (bytes > limit) {
    return {
      reason: 'FileStoresFull',
      message: `The entry does not fit: with it the file stores would take ${bytes} bytes of the ${limit} that an environment variable can hold.`,
      remedy: 'Let teams share buckets by sub-path (they then share one entry), or remove stores that are retained.',
      failureClass: 'external',
    };
  }
  stores.clear();
  for (const [uid, kept] of next) stores.set(uid, kept);
  return undefined;
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

function sameBucketAndPath(left: LedgerStore, right: LedgerStore): boolean {
  return bucketId(left.storage) === bucketId(right.storage) && left.storage.path === right.storage.path;
}

function publicationOf(
  live: LiveClaim,
  stores: ReadonlyMap<string, LedgerStore>,
  refused: ReadonlyMap<string, Problem>,
  cloud: DeploymentCloud,
): Publication {
  const store = stores.get(live.claim.uid);
  const problem = refused.get(live.claim.uid);
  if (problem !== undefined) return { state: 'Refused', problem, ...(store !== undefined && { store }) };
  if (store === undefined) return { state: 'AwaitingProof' };
  const entry = live.claim.kind === 'InstanceStorage' || needsEntry(store.storage, cloud);
  return { state: entry ? 'Published' : 'NoEntryNeeded', store };
}
