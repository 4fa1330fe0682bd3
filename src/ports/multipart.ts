import type { PlainRequest, PlainResponse } from './http.ts';
import type { BucketCall, CreatedObject } from './bucket-call.ts';

/**
 * An upload in parts, as W&B's clients send large files: parts of S3, blocks of
 * Azure, a resumable session of GCS. Steps that a store does not have are absent.
 * `upload` is the store's id of an upload; that of GCS grants access and is never shown.
 */
export interface MultipartUploads {
  /** Begins one. */
  readonly start?: (key: string, signal: AbortSignal) => BucketCall<string>;
  /** A pre-signed request that sends the only part. */
  readonly part: (wanted: PartWanted, signal: AbortSignal) => BucketCall<PlainRequest>;
  /** Creates the object from the part; absent where the last part creates it. */
  readonly complete?: (key: string, sent: SentPart, signal: AbortSignal) => BucketCall<CreatedObject>;
  /** For stores that keep unfinished uploads; absent where they expire by themselves, as after a week on GCS. */
  readonly unended?: {
    /** Uploads whose keys begin with `prefix`, at most three. */
    readonly list: (prefix: string, signal: AbortSignal) => BucketCall<readonly UnendedUpload[]>;
    /** Whether aborting one takes a permission of its own. */
    readonly hasPermission: boolean;
    /** `ObjectNotFound` or `PreconditionFailed` for a finished one: its object is not touched. */
    readonly abort: (key: string, upload: string, signal: AbortSignal) => BucketCall<void>;
  };
}

/** A pre-signed URL for a part, to be made. */
export interface PartWanted {
  readonly key: string;
  readonly upload: string;
  /** At most 7 days. */
  readonly expiresInSeconds: number;
  /** MD5 of the part in base64, which W&B's clients send. */
  readonly md5: string;
}

/** An upload that was begun and neither completed nor aborted. */
export interface UnendedUpload {
  readonly key: string;
  readonly upload: string;
}

/** A part that the store has received. */
export interface SentPart {
  readonly upload: string;
  readonly answer: PlainResponse;
}
