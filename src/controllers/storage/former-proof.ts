import type { Secret } from '../../base/secret.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { isFromInputs, proofUnder, type Proof } from '../../domain/publication/proof.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import { fingerprintOf, inputsOf } from '../validation/validation-inputs.ts';
import type { ValidationRequest } from '../validation/validation-request.ts';
import { isRecorded } from './awaited-publication.ts';
import type { Findings } from './findings.ts';
import type { StorageObject } from './resolved-storage.ts';

type Proofs = ObservableMap<string, Proof>;

/**
 * The ledger's entry for the object. An entry in the ledger of another instance, which the claim is leaving, is no
 * proof.
 */
export function heldClaim<T extends StorageObject>(
  findings: Pick<Findings<T>, 'resolved' | 'published'>,
): ClaimPublication | undefined {
  return findings.resolved.publishedBy === undefined ? findings.published?.claim : undefined;
}

/**
 * Drops a proof of other inputs than the present ones: it may be for a key that was revoked, and must not be published
 * later. What the ledger holds already stays.
 */
export function dropFormerProof(
  proofs: Proofs,
  held: ClaimPublication | undefined,
  now: { readonly request: Omit<ValidationRequest, 'wake'>; readonly salt: Secret<string>; readonly digest: string },
): void {
  const { request, salt, digest } = now;
  const proof = proofs.get(request.uid);
  if (proof === undefined || isRecorded(held, proofUnder(salt, proof))) return;
  const inputs = fingerprintOf(inputsOf(request));
  if (!isFromInputs(proof, { salt, digest, inputs })) proofs.set([[request.uid, undefined]]);
}

/**
 * Drops a proof that the ledger does not hold, if its inputs may have changed: the Secret is gone or cannot be read, a
 * check fails with them now, or the claim is suspended, refused, or asks for no bucket. The claim is proven again
 * afterwards, which costs one probe and removes nothing that is published.
 */
export function dropWaitingProof<T extends StorageObject>(
  proofs: Proofs,
  findings: Pick<Findings<T>, 'resolved' | 'published'>,
): void {
  const { object, storage, problem } = findings.resolved;
  const { uid = '' } = object.metadata;
  const proof = proofs.get(uid);
  if (proof === undefined) return;
  const salt = findings.published?.salt;
  const asksForNothing = problem === undefined && storage === undefined;
  const isHeld = salt !== undefined && isRecorded(heldClaim(findings), proofUnder(salt, proof));
  if (asksForNothing || !isHeld) proofs.set([[uid, undefined]]);
}
