import { credentialDigest } from '../credentials/credential.ts';
import type { Secret } from '../../base/secret.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { isSame } from './ledger.ts';

/** A bucket was proven end to end: for one claim, incarnation and instance, and with one credential. */
export interface Proof {
  /** UID of the object that it was proven for. */
  readonly uid: string;
  /** `namespace/name` of the InstanceStorage. */
  readonly instance: string;
  readonly storage: BucketStorage;
  /** The credential to publish; absent if W&B signs in by an identity. */
  readonly credential?: Credential;
  /** Keyed digest of the credential; empty if there is none. */
  readonly digest: string;
  /** Key of the digest; absent: the salt of the ledger in which the proof is placed. */
  readonly salt?: Secret<string>;
  /** Fingerprint of all inputs of the validation. */
  readonly inputs: string;
  /** RFC 3339. */
  readonly provenAt: string;
}

/** Whether two proofs are equal except for their time. */
export function isSameProof(left: Proof, right: Proof): boolean {
  return (
    left.uid === right.uid &&
    left.instance === right.instance &&
    left.digest === right.digest &&
    left.inputs === right.inputs &&
    isSame(left.storage, right.storage)
  );
}

/** Proofs that were made with the salt of a lost ledger, with the digest of another one. */
const keyed = new WeakMap<Proof, Proof & { readonly salt: Secret<string> }>();

/** The proof with its digest under the given salt. */
export function proofUnder(salt: Secret<string>, proof: Proof): Proof {
  if (proof.credential === undefined || isSameSalt(proof.salt ?? salt, salt)) return proof;
  const known = keyed.get(proof);
  if (known !== undefined && isSameSalt(known.salt, salt)) return known;
  const again = { ...proof, salt, digest: credentialDigest(salt, proof.credential) };
  keyed.set(proof, again);
  return again;
}

/**
 * Whether a proof was made from the present inputs. Their fingerprint is keyed like the digest: under another salt,
 * such as after the loss of a ledger, only the credential can be compared.
 */
export function isFromInputs(
  proof: Proof,
  { salt, digest, inputs }: Pick<Proof, 'digest' | 'inputs'> & { readonly salt: Secret<string> },
): boolean {
  return isSameSalt(proof.salt ?? salt, salt) ? proof.inputs === inputs : proofUnder(salt, proof).digest === digest;
}

function isSameSalt(left: Secret<string>, right: Secret<string>): boolean {
  return left.reveal() === right.reveal();
}
