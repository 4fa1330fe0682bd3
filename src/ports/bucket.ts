import type { BucketFailure } from '../domain/observations/bucket-failure.ts';
import type { BucketSettings, SettingName } from '../domain/observations/bucket-settings.ts';
import type { EncryptionSeen, PresignedMethod } from '../domain/observations/observations.ts';
import type { ObjectLock } from '../domain/observations/object-lock.ts';
import type { BucketCall, CreatedObject } from './bucket-call.ts';
import type { BucketTarget } from '../domain/bucket/target.ts';
import type { PlainRequest, PlainResponse } from './http.ts';
import type { MultipartUploads } from './multipart.ts';

/** The first page of the keys under a prefix. */
export interface Listing {
  readonly keys: readonly ListedObject[];
  readonly truncated: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** RFC 3339, as the store reports it. */
  readonly lastModified?: string;
  /** Storage class that can be read only after a restore; absent for classes that can be read at once. */
  readonly archived?: string;
}

/** An object's bytes, and what the store reports with them. */
export interface ReadObject {
  readonly body: Uint8Array;
  readonly revision: string;
  readonly encryption?: EncryptionSeen;
  readonly storageClass?: string;
  readonly lock?: ObjectLock;
}

/** A pre-signed URL, to be made. */
export interface PresignWanted {
  readonly method: PresignedMethod;
  readonly key: string;
  /** At most 7 days. */
  readonly expiresInSeconds: number;
  /** Headers that an upload is sent with. Where a signature can cover headers, it covers these. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request for settings of a bucket. Separate requests, so that each can be refused alone. */
export interface SettingsRequest {
  /** The settings in the answer; a failure holds for each of them. */
  readonly covers: readonly SettingName[];
  /** Sent before anything is written: a setting may forbid that the probe deletes its objects. */
  readonly beforeWriting: boolean;
  ask(signal: AbortSignal): BucketCall<Partial<BucketSettings>>;
}

/**
 * One bucket with one credential, for one probe. Each method sends the request
 * that it is named after and nothing else, or counts what it sends in `requestsSent`,
 * and never throws for a failure of the store or the network. Keys are complete,
 * sub-path included.
 */
export interface BucketClient {
  /** The address to which a first, unsigned request goes. */
  readonly endpointUrl: string;
  /** Lists at most `maxKeys` keys under `prefix`; asserts that the answer is a listing of this bucket. */
  list(prefix: string, maxKeys: number, signal: AbortSignal): BucketCall<Listing>;
  /** The region of the bucket, if the store reports it; absent where a region is not needed to reach a bucket. */
  region?(signal: AbortSignal): BucketCall<{ readonly region?: string }>;
  /**
   * Like `list`, with the keys after `start` alone, and on the condition that the bucket has the expected owner, if one
   * is expected. A store may ignore `start`. Absent where a listing always begins at its first key.
   */
  listFrom?(prefix: string, start: string, maxKeys: number, signal: AbortSignal): BucketCall<Listing>;
  /** An owner of the bucket is expected, and `listFrom` is refused for a bucket of another. */
  readonly isOwnerExpected?: boolean;
  /** Requests for the bucket's settings, the most informative first; `probePrefix` is where our own objects are. */
  settings(probePrefix: string): readonly SettingsRequest[];
  /** Signing a URL takes a request to the store (Azure, with an identity): light probes then sign none. */
  readonly asksStoreToSign?: boolean;
  /** When the credential that signed the requests so far expires, RFC 3339; `undefined` for keys without an end. */
  credentialExpiresAt?(): string | undefined;
  /** Whether the role is refused to callers without its external id; absent where there is no external id. */
  isExternalIdEnforced?(): BucketCall<boolean>;
  /** Whether policy and ACL of the bucket are open to everybody, from any network; absent where the store does not report it. */
  isPublicByRules?(signal: AbortSignal): BucketCall<{ readonly isPublic: boolean }>;
  /** Creates an object and never replaces one: `PreconditionFailed` when the key exists. */
  create(key: string, body: Uint8Array, signal: AbortSignal): BucketCall<CreatedObject>;
  read(key: string, signal: AbortSignal): BucketCall<ReadObject>;
  /** Deletes the object if it still has `revision` (where the store has conditional deletion). */
  remove(key: string, revision: string, signal: AbortSignal): BucketCall<void>;
  /**
   * Deletes folders that are there and empty, in the order given, up to the first that is not. Where names form a
   * hierarchy they outlive the objects in them; absent where a folder is no more than a part of names.
   */
  removeFolders?(folders: readonly string[], signal: AbortSignal): BucketCall<void>;
  /**
   * A request that can be sent by plain HTTP without credentials, with the headers that it names. An identity may have
   * to ask a service for the signature, so `signal` ends it like any other call.
   */
  presign(wanted: PresignWanted, signal: AbortSignal): BucketCall<PlainRequest>;
  /** The revision of the object that a plain answer holds, or that it created, for `remove`. */
  revisionIn(response: PlainResponse): string | undefined;
  /** What a plain answer with an object reports of it. */
  detailsIn(response: PlainResponse): Pick<ReadObject, 'encryption' | 'storageClass' | 'lock'>;
  readonly multipart: MultipartUploads;
  /** A request without a signature: for an object, or for the bucket's listing. */
  anonymousObject(key: string): PlainRequest;
  anonymousListing(prefix: string): PlainRequest;
  /** Classifies a plain answer with status 300 or more by the store's own error codes. */
  explain(response: PlainResponse): BucketFailure;
  /** Whether a plain answer is a listing of this bucket (status 200 alone does not prove it). */
  isListing(response: PlainResponse): boolean;
  /** Requests to the store so far, where a call may send several; absent where each call sends one. */
  requestsSent?(): number;
  /** Closes sockets that are still open. */
  close(): void;
}

/** Opens buckets of one provider. */
export interface BucketDriver {
  open(target: BucketTarget): BucketClient;
}

/** Opens a bucket with the driver of its provider. */
export type OpenBucket = (target: BucketTarget) => Promise<BucketClient>;
