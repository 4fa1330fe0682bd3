import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import type { BucketSettings, SettingName } from '../domain/observations/bucket-settings.ts';
import type { EncryptionSeen, PresignedMethod } from '../domain/observations/observations.ts';
import type { BucketCall, CreatedObject } from './bucket-call.ts';
import type { BucketTarget } from '../domain/bucket/target.ts';
import type { PlainRequest, PlainResponse } from './http.ts';
import type { MultipartUploads } from './multipart.ts';

/** The keys under a prefix, first page only. */
export interface Listing {
  readonly keys: readonly ListedObject[];
  readonly truncated: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** RFC 3339, as the store reports it. */
  readonly lastModified?: string;
  /** Class that can only be read after a restore; absent for all that can be read at once. */
  readonly archived?: string;
}

/** An object's bytes, and what the store says beside them. */
export interface ReadObject {
  readonly body: Uint8Array;
  readonly revision: string;
  readonly encryption?: EncryptionSeen;
  readonly storageClass?: string;
}

/** One request for settings of a bucket: so that each refusal is one of its own. */
export interface SettingsRequest {
  /** What the answer tells of; a failure holds for each of them. */
  readonly tells: readonly SettingName[];
  /** Asked before anything is written: what is written must be deletable again. */
  readonly beforeWriting: boolean;
  ask(signal: AbortSignal): BucketCall<Partial<BucketSettings>>;
}

/**
 * One bucket with one credential, for the time of one probe. Each method sends
 * what its name says and nothing else, and never throws for what a store or a
 * network can do. Keys are whole keys, sub-path included.
 */
export interface BucketClient {
  /** Where an unsigned request first meets the store. */
  readonly endpointUrl: string;
  /** Lists at most `maxKeys` keys under `prefix`; asserts that the answer is a listing of this bucket. */
  list(prefix: string, maxKeys: number, signal: AbortSignal): BucketCall<Listing>;
  /** The region that the bucket is in, as far as the store says; absent where buckets are reached without naming one. */
  region?(signal: AbortSignal): BucketCall<{ readonly region?: string }>;
  /** Lists like `list`, only if the owner that the storage expects owns the bucket; absent where it expects none. */
  listAsOwned?(prefix: string, maxKeys: number, signal: AbortSignal): BucketCall<Listing>;
  /** Requests for the bucket's settings, the most telling first; `probePrefix` is where our own objects are. */
  settings(probePrefix: string): readonly SettingsRequest[];
  /** The store itself is asked before a URL can be signed (Azure, by an identity): light probes then sign none. */
  readonly asksStoreToSign?: boolean;
  /** When what signed the requests so far ends, RFC 3339; `undefined` for keys that last. */
  credentialExpiresAt?(): string | undefined;
  /** Whether the role that we signed in as is refused to those who do not give its external id; absent where it has none. */
  isExternalIdEnforced?(): BucketCall<boolean>;
  /** Whether policy and ACL of the bucket are open to everybody, wherever they are; absent where no store tells. */
  isPublicByRules?(signal: AbortSignal): BucketCall<{ readonly isPublic: boolean }>;
  /** Creates an object and never replaces one: `PreconditionFailed` when the key exists. */
  create(key: string, body: Uint8Array, signal: AbortSignal): BucketCall<CreatedObject>;
  read(key: string, signal: AbortSignal): BucketCall<ReadObject>;
  /** Deletes the object if it still has `revision` (where the store can compare). */
  remove(key: string, revision: string, signal: AbortSignal): BucketCall<void>;
  /**
   * Deletes folders that are there and empty, in the order given, up to the first that is not. Where names form a
   * hierarchy they outlive the objects in them; absent where a folder is no more than a part of names.
   */
  removeFolders?(folders: readonly string[], signal: AbortSignal): BucketCall<void>;
  /**
   * A request that anyone who holds it may send with plain HTTP, with the headers that it names. `expiresInSeconds`:
   * at most 7 days. An identity may have to ask a service for the signature, so `signal` ends it like any other call.
   */
  presign(
    method: PresignedMethod,
    key: string,
    expiresInSeconds: number,
    signal: AbortSignal,
  ): BucketCall<PlainRequest>;
  readonly multipart: MultipartUploads;
  /** The same place without a signature: an object, or the bucket's listing. */
  anonymousObject(key: string): PlainRequest;
  anonymousListing(prefix: string): PlainRequest;
  /** Reads a plain answer with status 300 or more in the store's own vocabulary. */
  explain(response: PlainResponse): BucketFailure;
  /** Whether a plain answer is really a listing of this bucket (a 200 alone proves nothing). */
  isListing(response: PlainResponse): boolean;
  /** Closes sockets that are still open. */
  close(): void;
}

/** Opens buckets of one provider. */
export interface BucketDriver {
  open(target: BucketTarget): BucketClient;
}

/** Picks and loads the driver of a target's provider. */
export type OpenBucket = (target: BucketTarget) => Promise<BucketClient>;
