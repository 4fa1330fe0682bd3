import type { Published } from '../parse-outputs.ts';

/** What was proven, for which claim. Claims are named as by `claimKey`. */
export class Proofs {
  /** By claim: what was proven for it, as `bucket credential`. */
  readonly #proven = new Map<string, Set<string>>();

  /** Notes that the bucket works with the credential. */
  add(claim: string, bucket: string, credential: string): void {
    const proofs = this.#proven.get(claim) ?? new Set();
    proofs.add(`${bucket} ${credential}`);
    this.#proven.set(claim, proofs);
  }

  /** Notes what stands after a damage: it counts as proven in its namespace. */
  addByHand(namespace: string, { entries, slot }: Published): void {
    for (const [bucket, credential] of entries) this.add(`${namespace} (by hand)`, bucket, credential);
    if (slot !== undefined) this.add(`${namespace} (by hand)`, slot.bucket, slot.credential);
  }

  /** Whether it was proven for this claim. */
  isProvenFor(claim: string, bucket: string, credential: string): boolean {
    return this.#proven.get(claim)?.has(`${bucket} ${credential}`) === true;
  }

  /** Whether the bucket was proven for another claim, with any credential. */
  isProvenForOther(claim: string, bucket: string): boolean {
    return [...this.#proven].some(
      ([other, proofs]) => other !== claim && [...proofs].some((proof) => proof.startsWith(`${bucket} `)),
    );
  }

  /** What is published in a namespace, and was proven for none of its claims. */
  unproven(namespace: string, { entries, slot }: Published): readonly string[] {
    const stores = [
      ...[...entries].map(([bucket, credential]) => ({ bucket, credential })),
      ...(slot === undefined ? [] : [slot]),
    ];
    return stores
      .filter(({ bucket, credential }) => !this.#isProvenIn(namespace, bucket, credential))
      .map(({ bucket, credential }) => `${bucket} with ${credential === '' ? 'no credential' : credential}`);
  }

  #isProvenIn(namespace: string, bucket: string, credential: string): boolean {
    return [...this.#proven].some(
      ([claim, proofs]) => claim.startsWith(`${namespace} `) && proofs.has(`${bucket} ${credential}`),
    );
  }
}
