import type { Secret } from '../../base/secret.ts';
import type { ClaimPublication } from '../../domain/publication/claim-publication.ts';
import { isFromInputs, proofUnder, type Proof } from '../../domain/publication/proof.ts';
import type { ObservableMap } from '../../runtime/observable-map.ts';
import { fingerprintOf, inputsOf, type ValidationRequest } from '../validation/validation.ts';
import { isRecorded } from './awaited-publication.ts';
import type { StorageObject, ResolvedStorage } from './resolved-storage.ts';

type Proofs = ObservableMap<string, Proof>;

/**
 * A proof of other inputs than the present ones is for a key that was taken back, for all that we know: it must not
 * wait for its place. What the ledger holds already stays, whatever becomes of the inputs.
 */
export function dropFormerProof(
  proofs: Proofs,
  published: ClaimPublication | undefined,
  now: { readonly request: Omit<ValidationRequest, 'wake'>; readonly salt: Secret<string>; readonly digest: string },
): void {
  const { request, salt, digest } = now;
  const proof = proofs.get(request.uid);
  if (proof === undefined || isRecorded(published, proofUnder(salt, proof))) return;
  const inputs = fingerprintOf(inputsOf(request));
  if (!isFromInputs(proof, { salt, digest, inputs })) proofs.set([[request.uid, undefined]]);
}

/** Nothing compares the proof of a claim that asks for no bucket: should it ask again, that is proven again. */
export function dropUnaskedProof(proofs: Proofs, { object, storage, problem }: ResolvedStorage<StorageObject>): void {
  if (problem === undefined && storage === undefined) proofs.set([[object.metadata.uid ?? '', undefined]]);
}
