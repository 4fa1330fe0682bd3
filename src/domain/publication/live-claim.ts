import type { BucketStorage } from '../bucket/storage.ts';
import type { NamesakeView } from './claim-state.ts';
import { placeOf, type ClaimKind, type ClaimRecord, type DeletionPolicy, type Ledger } from './ledger.ts';
import type { Proof } from './proof.ts';

/** One live CR in the form that the publisher needs. */
export interface LiveClaim {
  readonly kind: ClaimKind;
  readonly name: string;
  readonly uid: string;
  readonly team?: string;
  /** Where the spec resolves to, and through which instance; `None`: it asks for no bucket; `Unresolved`: unknown. */
  readonly resolves: { readonly instance: string; readonly storage: BucketStorage } | 'None' | 'Unresolved';
  readonly bucketChangePolicy: 'Forbid' | 'Allow';
  readonly deletionPolicy: DeletionPolicy;
  readonly suspended: boolean;
  /** A proof that counts: for this incarnation and for the place to which it resolves. */
  readonly proof?: Proof;
  /** InstanceStorage whose bucket the team used before it had its own. */
  readonly filesLeftIn?: string;
  /** Its status records that it was published where it resolves, and no ledger of another instance holds it. */
  readonly wasBound: boolean;
  /** Whether it uses the bucket of the instance, which must then stay published. */
  readonly usesInstanceBucket: boolean;
}

/** Whether the claim has a proof that counts. */
export function isProven(claim: LiveClaim): claim is LiveClaim & { readonly proof: Proof } {
  return claim.proof !== undefined;
}

/**
 * Objects whose records stay for good count as `Retain`: they went with their CRD, and a cache that still shows one is
 * behind.
 */
export function keepForGood({
  ledger,
  live,
}: {
  readonly ledger: Ledger;
  readonly live: readonly LiveClaim[];
}): readonly LiveClaim[] {
  const kept = new Set(ledger.claims.filter((record) => record.keptForGood === true).map(({ uid }) => uid));
  if (kept.size === 0) return live;
  return live.map((claim) => (kept.has(claim.uid) ? { ...claim, deletionPolicy: 'Retain' } : claim));
}

/** The object as a record of its name in the ledger of an instance sees it. */
export function namesakeOf(live: LiveClaim, record: ClaimRecord, instance: string): NamesakeView {
  const { uid, bucketChangePolicy, resolves } = live;
  if (typeof resolves === 'string') return { uid, bucketChangePolicy, resolves };
  const isSamePlace = resolves.instance === instance && placeOf(resolves.storage) === placeOf(record.address);
  return { uid, bucketChangePolicy, resolves: isSamePlace ? 'Same' : 'Other' };
}
