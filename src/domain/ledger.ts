import { boundBucketOf, bucketId } from './bucket-identity.ts';
import { hideCredential, revealCredential, type RevealedCredential } from './credential.ts';
import { Secret } from './secret.ts';
import type { BucketStorage, Credential } from './storage.ts';

/** Who claims a store: a CR, by the identity that survives its deletion. */
export interface Claim {
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly name: string;
  readonly uid: string;
  readonly team?: string;
}

export type DeletionPolicy = 'Retain' | 'Remove';

/** One bucket as it was last proven for one claim: all that it takes to publish it again. */
export interface LedgerStore {
  readonly claim: Claim;
  readonly storage: BucketStorage;
  /** Absent where W&B signs in by its own ambient identity. */
  readonly credential?: Credential;
  /** Digest of what W&B signs in with; empty where it is an ambient identity of which nothing is declared. */
  readonly credentialDigest: string;
  /** When this storage with this credential was first proven, RFC 3339. */
  readonly provenAt: string;
  /** When another credential last took the place of one, RFC 3339. */
  readonly rotatedAt?: string;
  readonly deletionPolicy: DeletionPolicy;
  /** The claim is gone and its policy was Retain. */
  readonly retained: boolean;
}

/**
 * The publisher's only memory (design 6): a private Secret beside the outputs.
 * Outputs are a pure function of it, so the last good value survives a restart,
 * a failover, a bad new key and a restore without status.
 */
export interface Ledger {
  /** Key of the digests, so that they cannot be guessed from short keys. */
  readonly salt: Secret<string>;
  readonly stores: readonly LedgerStore[];
}

/** 2: kept compressed. What the JSON holds is the same as in 1, which is still read. */
const FORMAT = 2;
const READABLE = [1, FORMAT];

/** A new ledger with a salt of at least 16 random bytes in hex. */
export function emptyLedger(salt: string): Ledger {
  return { salt: new Secret(salt), stores: [] };
}

/** Serialises a ledger; equal ledgers give equal bytes. The result holds every secret. */
export function encodeLedger(ledger: Ledger): string {
  const stores = inOrder(ledger.stores).map((store) => ({
    claim: store.claim,
    storage: store.storage,
    ...(store.credential !== undefined && { credential: revealCredential(store.credential) }),
    credentialDigest: store.credentialDigest,
    provenAt: store.provenAt,
    ...(store.rotatedAt !== undefined && { rotatedAt: store.rotatedAt }),
    deletionPolicy: store.deletionPolicy,
    retained: store.retained,
  }));
  return JSON.stringify({ format: FORMAT, salt: ledger.salt.reveal(), stores });
}

/** Reads a ledger back; `undefined` when the text is not one (the caller must not publish over it). */
export function decodeLedger(text: string): Ledger | undefined {
  try {
    const raw = JSON.parse(text) as EncodedLedger;
    if (!READABLE.includes(raw.format) || typeof raw.salt !== 'string' || raw.salt === '') return undefined;
    const stores = raw.stores.map(({ credential, ...store }) => ({
      ...store,
      ...(credential !== undefined && { credential: hideCredential(credential) }),
    }));
    // A store that cannot say which bucket it is would fail later, in the middle of an output.
    for (const store of stores) boundBucketOf(store.storage);
    return { salt: new Secret(raw.salt), stores };
  } catch {
    return undefined;
  }
}

interface EncodedLedger {
  readonly format: number;
  readonly salt: string;
  readonly stores: readonly (Omit<LedgerStore, 'credential'> & { readonly credential?: RevealedCredential })[];
}

/**
 * Whether two ledgers hold the very same stores. `updateLedger` passes on what
 * it does not change, so this tells without a look inside whether there is
 * anything to write.
 */
export function isSameLedger(left: Ledger, right: Ledger): boolean {
  if (left.stores.length !== right.stores.length) return false;
  const known = new Set(left.stores);
  return right.stores.every((store) => known.has(store));
}

/** The stores in canonical order. Each key is made once: with many stores that is most of the work. */
export function inOrder(stores: readonly LedgerStore[]): readonly LedgerStore[] {
  return stores
    .map((store) => ({ store, key: sortKey(store) }))
    .sort((left, right) => compare(left.key, right.key))
    .map(({ store }) => store);
}

/** Canonical order: by bucket, then by claim. */
export function byClaim(left: LedgerStore, right: LedgerStore): number {
  return compare(sortKey(left), sortKey(right));
}

function sortKey(store: LedgerStore): string {
  return [bucketId(store.storage), store.storage.path, store.claim.kind, store.claim.name, store.claim.uid].join('\n');
}

/** Code-unit order, the same on every machine (unlike `localeCompare`). */
export function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
