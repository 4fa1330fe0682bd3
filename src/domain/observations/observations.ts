import type { BucketFailure, BucketFailureKind } from './bucket-failure.ts';
import type { SettingsSeen } from './bucket-settings.ts';
import type { ObjectLock } from './object-lock.ts';
import type { Result } from '../../base/result.ts';

/** The result of one step of a probe; absent if the step did not run. */
export type Observed<T> = Result<T, BucketFailure>;

/** The methods that W&B's clients use on pre-signed URLs, and DELETE, which its garbage collection uses. */
export const PRESIGNED_METHODS = ['PUT', 'GET', 'HEAD', 'DELETE'] as const;
export type PresignedMethod = (typeof PRESIGNED_METHODS)[number];

/** A successful answer to a pre-signed URL. */
export interface PresignedSeen {
  readonly httpStatus: number;
  /** After DELETE: false if the object was still there; absent otherwise. */
  readonly gone?: false;
}

/** Whether a deleted object is gone. */
export interface GoneSeen {
  readonly gone: boolean;
  /** How long it was still there, where it was at first: the store deletes with eventual consistency. */
  readonly afterMs?: number;
  /** The look was answered with 403, which some credentials get for every key that is not there. */
  readonly isHidden?: true;
}

/** The methods that browsers send from the W&B front end. */
export const BROWSER_METHODS = ['GET', 'HEAD', 'PUT'] as const;
export type BrowserMethod = (typeof BROWSER_METHODS)[number];

/** First contact with the endpoint, unsigned. */
export interface EndpointSeen {
  readonly tls: boolean;
  /** The operator's clock minus the store's, in seconds, from the `Date` header; absent if the store sent none. */
  readonly clockSkewSeconds?: number;
  /** `direct`, or the proxy's host and port. */
  readonly route: string;
  /** Whether the address of the store is on the internet; absent behind a proxy. */
  readonly isPublic?: boolean;
  readonly certificate?: CertificateSeen;
}

/** The store's certificate. */
export interface CertificateSeen {
  /** Date of its expiry, `2027-01-31`. */
  readonly validTo: string;
  readonly daysLeft: number;
  /** Whether its chain ends at a CA that systems trust by default. */
  readonly systemCa: boolean;
}

/** How an object is encrypted, as reported when it is read. */
export interface EncryptionSeen {
  /** `AES256`, `aws:kms`, ... */
  readonly algorithm: string;
  readonly keyId?: string;
}

/** The answer to a CORS preflight. Both the status and the headers count. */
export interface PreflightSeen {
  readonly httpStatus: number;
  readonly allowOrigin?: string;
  /** As the store writes them: to a browser, `put` is another method than `PUT`. */
  readonly allowMethods: readonly string[];
  /** Headers that the browser announced, in lower case. */
  readonly requestedHeaders: readonly string[];
  /** Lower case; `*` stands alone. */
  readonly allowHeaders: readonly string[];
  readonly providerCode?: string;
  /** With a refusal: what the store says of it. */
  readonly refusedAs?: BucketFailureKind;
  /** The same without any header was let in: the headers are what is refused. */
  readonly letInWithoutHeaders?: true;
}

/** What a browser receives in answer to a request with an `Origin`. */
export interface CrossOriginResponseSeen {
  readonly allowOrigin?: string;
  /** Lower case. */
  readonly exposeHeaders: readonly string[];
}

/** The answer to an unsigned request. */
export interface AnonymousSeen {
  readonly httpStatus: number;
  /** Whether the answer contained the object or the listing. */
  readonly disclosed: boolean;
}

/**
 * How much a probe sees. `Full`: everything, of the bucket and of the path. `Survey`: what holds for the bucket, whatever
 * the path. `Light`: whether the path can still be listed and read.
 */
export type ProbeMode = 'Full' | 'Survey' | 'Light';

/**
 * All results of one probe, without conclusions: the checks evaluate them. One PUT is used by several checks, so
 * observations are kept by step.
 */
export interface Observations {
  readonly mode: ProbeMode;
  readonly endpoint?: Observed<EndpointSeen>;
  /** `archived`: class of an object under the path that can only be read after a restore. */
  readonly list?: Observed<{ readonly keys: number; readonly archived?: string }>;
  /** The bucket's region as the store reports it; `undefined` inside if it does not. */
  readonly region?: Observed<{ readonly region?: string }>;
  /** Whether the owner of the bucket is the expected one; absent if none is expected. */
  readonly owner?: Observed<void>;
  /** When the session that signed the requests ends, RFC 3339; absent for keys that last. */
  readonly credentialExpiresAt?: string;
  /** Whether the role is refused without its external id; absent where it has none. */
  readonly externalId?: Observed<{ readonly enforced: boolean }>;
  readonly write?: Observed<{ readonly conditional: boolean; readonly versionId?: string }>;
  readonly read?: Observed<{
    readonly intact: boolean;
    readonly encryption?: EncryptionSeen;
    readonly storageClass?: string;
    /** What keeps the object from being deleted; absent if nothing does. */
    readonly lock?: ObjectLock;
  }>;
  readonly settings?: SettingsSeen;
  readonly delete?: Observed<GoneSeen>;
  /** Whether an upload of the length of W&B's longest would be taken; absent where that is not known. */
  readonly bodyLimit?: Observed<void>;
  readonly presigned?: Readonly<Partial<Record<PresignedMethod, Observed<PresignedSeen>>>>;
  /** The steps of a multipart upload; a step that the store does not have is absent. */
  readonly multipart?: {
    /** The search for uploads that were not completed. */
    readonly list?: Observed<void>;
    readonly start?: Observed<void>;
    /** The part, by its pre-signed URL. */
    readonly part?: Observed<{ readonly httpStatus: number }>;
    readonly complete?: Observed<void>;
    /** Read by Range; `rangeIgnored`: the store sent the whole object. */
    readonly read?: Observed<{ readonly intact: boolean; readonly rangeIgnored?: true }>;
    readonly abort?: Observed<void>;
  };
  readonly preflight?: Readonly<Partial<Record<BrowserMethod, Observed<PreflightSeen>>>>;
  /** Answers to the requests themselves, sent with the origin of the front end. */
  readonly crossOrigin?: Readonly<Partial<Record<BrowserMethod, Observed<CrossOriginResponseSeen>>>>;
  readonly anonymous?: {
    readonly get?: Observed<AnonymousSeen>;
    readonly list?: Observed<AnonymousSeen>;
    /** Where one of them was disclosed, and the store reports it: whether its own rules make the bucket public to everybody. */
    readonly rules?: Observed<{ readonly isPublic: boolean }>;
  };
  /** A key that is not there was answered with 403: the credential may list no more than its path. */
  readonly hidesAbsence?: true;
  /** The survey whose facts are among these observations, if it is shared; `beganAt` is monotonic. */
  readonly survey?: { readonly revision: number; readonly beganAt: number };
  /** Requests that the probe sent, for the metric. */
  readonly requests: number;
}

/** A request of a probe that failed, for the log. */
export interface FailedStep extends BucketFailure {
  /** Which step, such as `write` or `presigned.PUT`. */
  readonly step: string;
}

/** All failures among the observations. */
export function failedSteps(observations: Observations): readonly FailedStep[] {
  return Object.entries(observations).flatMap(([step, seen]) => failuresIn(step, seen));
}

function failuresIn(step: string, seen: unknown): readonly FailedStep[] {
  if (typeof seen !== 'object' || seen === null) return [];
  if (!('ok' in seen)) return Object.entries(seen).flatMap(([name, inner]) => failuresIn(`${step}.${name}`, inner));
  const result = seen as Observed<unknown>;
  return result.ok ? [] : [{ step, ...result.error }];
}
