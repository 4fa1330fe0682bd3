import type { Result } from '../base/result.ts';
import type { BucketFailure } from '../domain/observations/bucket-failure.ts';

/** A call to the store, with its failure as a value. */
export type BucketCall<T> = Promise<Result<T, BucketFailure>>;

/** What became of a created object. */
export interface CreatedObject {
  /** Handle for the conditional delete: ETag or generation. */
  readonly revision: string;
  readonly versionId?: string;
  /** False where the store does not know conditional creation and we wrote without it. */
  readonly conditional: boolean;
}
