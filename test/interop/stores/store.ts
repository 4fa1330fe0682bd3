import type { CORSRule } from '@aws-sdk/client-s3';
import type { CloudEndpoints } from '../../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../../src/domain/bucket/target.ts';
import type { GuardedHttp } from '../../../src/net/guarded-http.ts';

/** What a store must offer for a situation to come about on it. */
export type Feature =
  | 'access keys'
  | 'grants'
  | 'grants for a path'
  | 'virtual hosts'
  | 'regions'
  | 'CORS off'
  | 'CORS for an origin'
  | 'CORS rules'
  | 'public by policy'
  | 'public by ACL'
  | 'object lock'
  | 'lifecycle'
  | 'KMS keys'
  | 'time'
  | 'a proxy';

/** Reasons by the name of the check that gives them. */
export type Reasons = Readonly<Record<string, string>>;

/** How a proxy before the store is set; each of them has a port of its own. */
export type ProxySetting =
  | 'faithful'
  | 'host rewritten'
  | 'host without port'
  | 'body limit'
  | 'doubled CORS'
  | 'missing intermediate'
  | 'refuses uploads';

/** A key as an administrator of the store hands it out. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** A bucket as the operator is told of it, and the way on which it gets there. */
export interface Place {
  readonly target: BucketTarget;
  readonly clouds: CloudEndpoints;
  readonly net: GuardedHttp;
  /** Origin of the W&B front end. */
  readonly appOrigin: string;
}

export interface PlaceOptions {
  readonly path?: string;
  readonly key?: AccessKey;
  readonly region?: string;
  readonly addressing?: 'Path' | 'VirtualHosted';
  readonly kmsKeyId?: string;
  readonly through?: ProxySetting;
}

/** Actions of S3 on a bucket, and on the objects in it. */
export interface Grant {
  readonly bucketActions: readonly string[];
  readonly objectActions: readonly string[];
  /** Objects and listings below this path alone. */
  readonly path?: string;
}

/** The first required check that fails, and why; or nothing keeps the bucket from being Ready. */
export type Verdict = 'Ready' | readonly [check: string, reason: string];

/** What is right on this store, and another than on most. */
export interface Exception {
  readonly verdict?: Verdict;
  readonly warnings?: Reasons;
  /** W&B's client can use the bucket, although it is not Ready, and rightly so. */
  readonly clientWorks?: true;
  readonly remark: string;
}

/**
 * A real store on loopback, and what an administrator of it does. Whatever it
 * cannot do is in `lacks`, with the reason, and is not asked of it.
 */
export interface Store {
  readonly title: string;
  readonly version: string;
  /** Where it comes from: a Go module, a Debian package, a package of PyPI. */
  readonly origin: string;
  readonly lacks: Readonly<Partial<Record<Feature, string>>>;
  /** Warnings on a bucket with which nothing is wrong. */
  readonly baseline: Reasons;
  /** What every bucket of it fails, and rightly; the first check comes first. */
  readonly neverReady?: { readonly failures: Reasons; readonly remark: string };
  /** By the id of the situation. */
  readonly exceptions: Readonly<Record<string, Exception>>;
  /** A bucket that the front end may use, and nobody else. */
  createBucket(options?: { readonly name?: string; readonly objectLock?: boolean }): Promise<string>;
  place(bucket: string, options?: PlaceOptions): Place;
  /** Origins that CORS allows; none: no rule at all. */
  allowOrigins(bucket: string, origins: readonly string[]): Promise<void>;
  /** Whole CORS rules, in the words of S3. */
  setCors(bucket: string, rules: readonly CORSRule[]): Promise<void>;
  /** A new user with exactly this grant on the bucket. */
  grant(bucket: string, grant: Grant): Promise<AccessKey>;
  publish(bucket: string, by: 'policy' | 'ACL'): Promise<void>;
  retainObjects(bucket: string, days: number): Promise<void>;
  expireObjects(bucket: string, days: number): Promise<void>;
  /** Every version of every object. */
  everything(bucket: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}
