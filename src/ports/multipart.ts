import type { PlainRequest, PlainResponse } from './http.ts';
import type { BucketCall, CreatedObject } from './bucket-call.ts';

/**
 * An upload in parts, as W&B's clients send large files: parts of S3, blocks of
 * Azure, a resumable session of GCS. What a store has no step for is absent.
 * `upload` is the store's own name for one; GCS's is as good as a key and never shown.
 */
export interface MultipartUploads {
  /** Begins one. */
  readonly start?: (key: string, signal: AbortSignal) => BucketCall<string>;
  /** The request with which anyone who holds it sends the only part. `expiresInSeconds`: at most 7 days. */
  readonly part: (
    key: string,
    upload: string,
    expiresInSeconds: number,
    signal: AbortSignal,
  ) => BucketCall<PlainRequest>;
  /** Makes the object of the part; absent where the last part makes it. */
  readonly complete?: (key: string, sent: SentPart, signal: AbortSignal) => BucketCall<CreatedObject>;
  /** Where uploads that nobody ended are kept; absent where they vanish by themselves, as after a week on GCS. */
  readonly unended?: {
    /** Those whose keys begin so, at most three. */
    readonly list: (prefix: string, signal: AbortSignal) => BucketCall<readonly UnendedUpload[]>;
    /** Whether ending one takes a permission of its own. */
    readonly hasPermission: boolean;
    /** `ObjectNotFound` or `PreconditionFailed` for one that has ended: its object is not touched. */
    readonly abort: (key: string, upload: string, signal: AbortSignal) => BucketCall<void>;
  };
}

/** An upload that was begun and not ended. */
export interface UnendedUpload {
  readonly key: string;
  readonly upload: string;
}

/** A part that the store has. */
export interface SentPart {
  readonly upload: string;
  readonly answer: PlainResponse;
}
