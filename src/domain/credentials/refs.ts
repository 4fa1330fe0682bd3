/** An access key of an S3 kind, in two keys of a Secret. */
export interface AccessKeyRef {
  readonly kind: 'AccessKey';
  readonly secretName: string;
  readonly accessKeyIdKey: string;
  readonly secretAccessKeyKey: string;
}

/** The key file of a Google service account, in one key of a Secret. */
export interface ServiceAccountKeyRef {
  readonly kind: 'ServiceAccountKey';
  readonly secretName: string;
  readonly key: string;
}

/** A key of an Azure storage account, in one key of a Secret. */
export interface AccountKeyRef {
  readonly kind: 'AccountKey';
  readonly secretName: string;
  readonly key: string;
}

/** W&B signs in as the workload that it is. */
export interface Ambient {
  readonly kind: 'Ambient';
}

/** Keys in a Secret: they are what W&B will use, so they are published. */
export type KeyRef = AccessKeyRef | ServiceAccountKeyRef | AccountKeyRef;

/** What the published config says of W&B's way in. */
export type CredentialsRef = KeyRef | Ambient;

/** IAM roles for service accounts: a ServiceAccount of the object's namespace and the role that trusts it. */
export interface WebIdentityRef {
  readonly kind: 'WebIdentity';
  readonly serviceAccount: string;
  readonly roleArn: string;
}

/** A role of AWS that is assumed by whoever signed in before. */
export interface AssumedRoleRef {
  readonly kind: 'AssumedRole';
  readonly from: AccessKeyRef | WebIdentityRef;
  readonly roleArn: string;
  readonly externalId?: string;
}

export type AwsIdentityRef = WebIdentityRef | AssumedRoleRef;

/** Workload identity federation of Google Cloud. */
export interface GcpWorkloadIdentityRef {
  readonly kind: 'GcpWorkloadIdentity';
  readonly serviceAccount: string;
  /** `//iam.googleapis.com/projects/…/providers/…` */
  readonly audience: string;
  /** Google service account to act as; without one nobody can sign URLs. */
  readonly impersonate?: string;
}

/** Workload identity of Microsoft Entra. */
export interface AzureWorkloadIdentityRef {
  readonly kind: 'AzureWorkloadIdentity';
  readonly serviceAccount: string;
  readonly clientId: string;
  readonly tenantId: string;
}

/** How we act as W&B's own workload, or as somebody else who proves in its place; never published. */
export type IdentityRef = AwsIdentityRef | GcpWorkloadIdentityRef | AzureWorkloadIdentityRef;

/** Any way to sign in that an object can declare. */
export type SignInRef = KeyRef | IdentityRef | Ambient;
