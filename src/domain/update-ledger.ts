import { needsEntry, type DeploymentCloud } from './file-stores.ts';
import { compare, type Claim, type DeletionPolicy, type Ledger, type LedgerStore } from './ledger.ts';
import { Places, type PublishRules } from './places.ts';
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
  const places = new Places(stores, rules);
  const refused = new Map<string, Problem>();
  for (const { claim, proof } of provenClaims(live)) {
    const problem = places.place(storeOf(claim, proof, stores.get(claim.claim.uid)));
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
    if (claim !== undefined) return [changed(store, { deletionPolicy: claim.deletionPolicy, retained: false })];
    if (store.deletionPolicy === 'Remove' && !used.has(store.claim.name)) return [];
    return [changed(store, { retained: true })];
  });
  return new Map(kept.map((store) => [store.claim.uid, store]));
}

/** The store with other values; the very same one when it has them already. */
function changed(store: LedgerStore, change: Partial<Pick<LedgerStore, 'deletionPolicy' | 'retained'>>): LedgerStore {
  const next = { ...store, ...change };
  return next.deletionPolicy === store.deletionPolicy && next.retained === store.retained ? store : next;
}

/** Incumbents before newcomers is implied: a replaced store never grows the list by an entry. Oldest proof first, then by name. */
function provenClaims(
  live: readonly LiveClaim[],
): readonly { readonly claim: LiveClaim; readonly proof: Proof; readonly key: string }[] {
  return live
    .flatMap((claim) => {
      const { proof } = claim;
      if (proof === undefined || claim.suspended) return [];
      return [{ claim, proof, key: `${proof.provenAt}|${claim.claim.name}|${claim.claim.uid}` }];
    })
    .sort((left, right) => compare(left.key, right.key));
}

/** What the proof makes of the store; the very same one when it says nothing new. */
function storeOf(live: LiveClaim, proof: Proof, previous: LedgerStore | undefined): LedgerStore {
  const unchanged =
    previous?.credentialDigest === proof.credentialDigest && isSameJson(previous.storage, proof.storage);
  if (unchanged && isSameJson(previous.claim, live.claim)) return previous;
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

function isSameJson(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
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
