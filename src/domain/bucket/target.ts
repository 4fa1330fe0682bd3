import type { SignIn } from '../credentials/sign-in.ts';
import type { BucketStorage } from './storage.ts';

/**
 * Everything that is needed for requests to one bucket. The parser lets a storage refer only to the kind of credential
 * that its provider takes.
 */
export interface BucketTarget {
  readonly storage: BucketStorage;
  readonly credential: SignIn;
  /** PEM certificates to trust in addition to those of the system, for an S3-compatible endpoint. */
  readonly caBundle?: string;
}
