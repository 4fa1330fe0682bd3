import type { ClaimKey } from './world.ts';

/** Claims whose spec resolves to another bucket (`physicalBucket`) than the one where they are held. */
export class RequestedBuckets {
  readonly #buckets = new Map<string, string>();
  readonly #claims = new Map<string, Map<string, ClaimKey>>();

  /** Replaces the entry of the claim `id`; `undefined`: it is held where its spec resolves to. */
  set(id: string, key: ClaimKey, bucket: string | undefined): void {
    const before = this.#buckets.get(id);
    if (before === bucket) return;
    if (before !== undefined) this.#leave(id, before);
    if (bucket === undefined) return;
    this.#buckets.set(id, bucket);
    this.#claims.set(bucket, (this.#claims.get(bucket) ?? new Map<string, ClaimKey>()).set(id, key));
  }

  /** The claims that ask for a bucket, by id. */
  on(bucket: string): ReadonlyMap<string, ClaimKey> {
    return this.#claims.get(bucket) ?? new Map<string, ClaimKey>();
  }

  #leave(id: string, bucket: string): void {
    this.#buckets.delete(id);
    const claims = this.#claims.get(bucket);
    claims?.delete(id);
    if (claims?.size === 0) this.#claims.delete(bucket);
  }
}
