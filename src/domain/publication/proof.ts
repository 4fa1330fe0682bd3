import { credentialDigest } from '../credentials/credential.ts';
import type { Secret } from '../../base/secret.ts';
import type { Credential } from '../credentials/credential-types.ts';
import type { BucketStorage } from '../bucket/storage.ts';
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
  /** What it is keyed with; absent: with the salt of the ledger that the proof is placed in. */
  readonly salt?: Secret<string>;
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

/** Proofs made under the salt of a ledger that is lost, as another one keys them. */
const keyed = new WeakMap<Proof, Proof & { readonly salt: Secret<string> }>();

/** The proof with the digest that a ledger of this salt gives it. */
export function proofUnder(salt: Secret<string>, proof: Proof): Proof {
  if (proof.credential === undefined || isSameSalt(proof.salt ?? salt, salt)) return proof;
  const known = keyed.get(proof);
  if (known !== undefined && isSameSalt(known.salt, salt)) return known;
  const again = { ...proof, salt, digest: credentialDigest(salt, proof.credential) };
  keyed.set(proof, again);
  return again;
}

/**
 * Whether a proof was made from the inputs of now. Their fingerprint is keyed as the digest is: under another salt, as
 * after the loss of a ledger, the credential alone can be compared.
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
