import type { BucketStorage } from '../bucket/storage.ts';
import type { ClaimKind, DeletionPolicy } from './ledger.ts';
import type { Proof } from './proof.ts';

/** One live CR as the publisher sees it. */
export interface LiveClaim {
  readonly kind: ClaimKind;
  readonly name: string;
  readonly uid: string;
  readonly team?: string;
  /** Where the spec leads, and through which instance; `None`: it asks for no bucket; `Unresolved`: nobody can tell. */
  readonly resolves: { readonly instance: string; readonly storage: BucketStorage } | 'None' | 'Unresolved';
  readonly bucketChangePolicy: 'Forbid' | 'Allow';
  readonly deletionPolicy: DeletionPolicy;
  readonly suspended: boolean;
  /** A proof that counts: for this incarnation, and for where it resolves now. */
  readonly proof?: Proof;
  /** InstanceStorage in whose bucket the team worked before it had its own. */
  readonly filesLeftIn?: string;
  /** Its status says that it was published where it resolves now, and no ledger of another instance holds it. */
  readonly wasBound: boolean;
  /** Whether it lives on the bucket of the instance: then that must not leave. */
  readonly usesInstanceBucket: boolean;
}
