import type { Result } from '../base/result.ts';
import type { BucketFailure } from '../domain/observations/bucket-failure.ts';

/** A call to the store, with its failure as a value. */
export type BucketCall<T> = Promise<Result<T, BucketFailure>>;

/** The result of creating an object. */
export interface CreatedObject {
  /** Handle for the conditional delete: ETag or generation. */
  readonly revision: string;
  readonly versionId?: string;
  /** False where the store has no conditional creation and the object was written without it. */
  readonly conditional: boolean;
}
