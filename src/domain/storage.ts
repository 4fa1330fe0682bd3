import type { Secret } from './secret.ts';

/** A key of a Secret in the namespace of the object that refers to it. */
export interface SecretKeyRef {
  readonly name: string;
  readonly key: string;
}

/** Where the CA of a private endpoint is kept. */
export type CaBundleRef =
  | { readonly kind: 'ConfigMap'; readonly name: string; readonly key: string }
  | { readonly kind: 'Secret'; readonly name: string; readonly key: string };

/** How W&B signs in to the bucket, as the object declares it. */
export type CredentialsRef =
  | {
      readonly kind: 'AccessKey';
      readonly secretName: string;
      readonly accessKeyIdKey: string;
      readonly secretAccessKeyKey: string;
    }
  | { readonly kind: 'Ambient' };

/** Scheme, host (lower case, no brackets) and port of a store that the user names. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

interface BucketLocation {
  /** Bucket, or Azure container. */
  readonly name: string;
  /** Sub-path without slashes at its ends; empty for the whole bucket. */
  readonly path: string;
  readonly credentials: CredentialsRef;
}

/** A bucket on AWS. */
export interface S3Storage extends BucketLocation {
  readonly provider: 'S3';
  readonly region: string;
  readonly kmsKeyArn?: string;
  readonly expectedBucketOwner?: string;
}

/** A bucket on any other store that speaks S3: MinIO, Ceph RGW, R2. */
export interface S3CompatibleStorage extends BucketLocation {
  readonly provider: 'S3Compatible';
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly addressing: 'Path' | 'VirtualHosted';
  readonly kmsKeyId?: string;
  readonly caBundle?: CaBundleRef;
}

/** Every provider whose buckets this version can prove. */
export type BucketStorage = S3Storage | S3CompatibleStorage;

/** What a Secret held, ready for a driver. */
export interface AccessKeyCredential {
  readonly kind: 'AccessKey';
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret<string>;
}
export type Credential = AccessKeyCredential;

/** All that it takes to speak to one bucket. */
export interface BucketTarget {
  readonly storage: BucketStorage;
  readonly credential: Credential;
  /** PEM certificates to trust besides the system's, for an S3-compatible endpoint. */
  readonly caBundle?: string;
}

/** `https://host:port`, the port left out where it is the scheme's own. */
export function endpointUrl(endpoint: Endpoint): string {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  const standard = endpoint.scheme === 'https' ? 443 : 80;
  return `${endpoint.scheme}://${host}${endpoint.port === standard ? '' : `:${String(endpoint.port)}`}`;
}
