import type { Secret } from '../../base/secret.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import type { Finding } from './finding.ts';

/** A key of a Secret that exists already. */
export interface ExistingSecret {
  readonly name: string;
  /** Key of the access key's id; absent for keys without one. */
  readonly userKey?: string;
  readonly secretKey: string;
}

/** A credential as it was found: its values, or the Secret that has them. A missing half is unknown. */
export interface FoundCredential {
  readonly kind: 'AccessKey' | 'ServiceAccountKey' | 'AccountKey';
  /** Id of the access key, or e-mail address of the service account. */
  readonly user?: string;
  readonly secret?: Secret<string>;
  readonly existing?: ExistingSecret;
}

/** A bucket as existing settings name it. What is absent they do not say. */
export interface FoundBucket {
  readonly provider: BucketStorage['provider'];
  readonly name?: string;
  /** Empty for the whole bucket. */
  readonly path: string;
  readonly region?: string;
  /** `https://host:port` of an S3-compatible store. */
  readonly endpoint?: string;
  readonly isVirtualHosted?: boolean;
  readonly storageAccount?: string;
  readonly kmsKey?: string;
  /** Absent: W&B signs in by its own identity. */
  readonly credential?: FoundCredential;
}

/** Settings of a W&B server that have to do with buckets. */
export interface FoundSettings {
  readonly instance?: FoundBucket;
  readonly stores: readonly FoundBucket[];
  /** URL of the front end. */
  readonly url?: string;
  readonly cloud?: 'AWS' | 'GCP' | 'Azure' | 'CoreWeave';
  readonly findings: readonly Finding[];
}
