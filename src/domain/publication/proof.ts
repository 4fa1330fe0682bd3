import type { BucketStorage, Credential } from '../storage.ts';
import { isSame } from './ledger.ts';

/** That a bucket was proven end to end: for which claim, in which incarnation and instance, and with what. */
export interface Proof {
  /** UID of the object that it was proven for. */
  readonly uid: string;
  /** `namespace/name` of the InstanceStorage. */
  readonly instance: string;
  readonly storage: BucketStorage;
  /** What will be published; absent where W&B signs in by an identity. */
  readonly credential?: Credential;
  /** Keyed digest of the credential; empty where there is none. */
  readonly digest: string;
  /** Fingerprint of all that the validation took in. */
  readonly inputs: string;
  /** RFC 3339. */
  readonly provenAt: string;
}

/** Another time of the same proof is no news. */
export function isSameProof(left: Proof, right: Proof): boolean {
  return (
    left.uid === right.uid &&
    left.instance === right.instance &&
    left.digest === right.digest &&
    isSame(left.storage, right.storage)
  );
}
