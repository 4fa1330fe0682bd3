import type {
  AccessKeyRef,
  AccountKeyRef,
  Ambient,
  AwsIdentityRef,
  AzureWorkloadIdentityRef,
  GcpWorkloadIdentityRef,
  ServiceAccountKeyRef,
} from '../credentials/refs.ts';

/** Where the CA of a private endpoint is kept. */
export type CaBundleRef =
  | { readonly kind: 'ConfigMap'; readonly name: string; readonly key: string }
  | { readonly kind: 'Secret'; readonly name: string; readonly key: string };

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
}

/** A bucket on AWS. */
export interface S3Storage extends BucketLocation {
  readonly provider: 'S3';
  readonly region: string;
  /** Where AWS is reached, if the administrator of the operator set that: it is dialled, and it is published. */
  readonly endpoint?: Endpoint;
  readonly kmsKeyArn?: string;
  readonly expectedBucketOwner?: string;
  readonly credentials: AccessKeyRef | Ambient;
  /**
   * The identity of W&B's own workload, with `Ambient`: the operator proves the bucket with it and publishes nothing of
   * it.
   */
  readonly actAs?: AwsIdentityRef;
}

/** A bucket on any other store that speaks S3: MinIO, Ceph RGW, R2. */
export interface S3CompatibleStorage extends BucketLocation {
  readonly provider: 'S3Compatible';
  readonly endpoint: Endpoint;
  readonly region: string;
  readonly addressing: 'Path' | 'VirtualHosted';
  readonly kmsKeyId?: string;
  readonly caBundle?: CaBundleRef;
  readonly credentials: AccessKeyRef | Ambient;
}

/** A bucket on Google Cloud Storage. */
export interface GcsStorage extends BucketLocation {
  readonly provider: 'GCS';
  readonly credentials: ServiceAccountKeyRef | Ambient;
  /** As with S3. */
  readonly actAs?: GcpWorkloadIdentityRef;
}

/** A container of an Azure storage account; `name` is the container's. */
export interface AzureBlobStorage extends BucketLocation {
  readonly provider: 'AzureBlob';
  readonly storageAccount: string;
  readonly credentials: AccountKeyRef | Ambient;
  /** As with S3. */
  readonly actAs?: AzureWorkloadIdentityRef;
}

/** A bucket on CoreWeave AI Object Storage, which speaks S3 at one address. */
export interface CoreWeaveStorage extends BucketLocation {
  readonly provider: 'CoreWeave';
  readonly region?: string;
  readonly credentials: AccessKeyRef | Ambient;
}

/** The providers that speak S3. */
export type S3KindStorage = S3Storage | S3CompatibleStorage | CoreWeaveStorage;

/** Every provider whose buckets this version can prove. */
export type BucketStorage = S3KindStorage | GcsStorage | AzureBlobStorage;

type WithoutSignIn<T> = T extends unknown
  ? Omit<T, 'credentials' | 'actAs' | 'caBundle' | 'expectedBucketOwner'>
  : never;

/** Where a bucket is, without its sign-in. */
export type BucketAddress = WithoutSignIn<BucketStorage>;

/** The addresses of the providers that speak S3. */
export type S3KindAddress = WithoutSignIn<S3KindStorage>;

/** The one public address of CoreWeave's store. W&B accepts no other. */
export const COREWEAVE_HOST = 'cwobject.com';

/** The region that the spec names. GCS and Azure need none. */
export function regionOf(storage: BucketAddress): string | undefined {
  return 'region' in storage ? storage.region : undefined;
}

/** `https://host:port`, without the port if it is the default of the scheme. */
export function endpointUrl(endpoint: Endpoint): string {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  const standard = endpoint.scheme === 'https' ? 443 : 80;
  return `${endpoint.scheme}://${host}${endpoint.port === standard ? '' : `:${String(endpoint.port)}`}`;
}
