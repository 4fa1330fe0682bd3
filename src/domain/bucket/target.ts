import type { SignIn } from '../credentials/sign-in.ts';
import type { BucketStorage } from './storage.ts';

/**
 * All that it takes to speak to one bucket. The parser lets a storage refer only
 * to the kind of credential that its provider takes.
 */
export interface BucketTarget {
  readonly storage: BucketStorage;
  readonly credential: SignIn;
  /** PEM certificates to trust besides the system's, for an S3-compatible endpoint. */
  readonly caBundle?: string;
}
