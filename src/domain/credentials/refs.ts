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

/** W&B signs in with the identity of its own workload. */
export interface Ambient {
  readonly kind: 'Ambient';
}

/** Keys in a Secret. W&B will use them, so they are published. */
export type KeyRef = AccessKeyRef | ServiceAccountKeyRef | AccountKeyRef;

/** The sign-in of W&B as the published config states it. */
export type CredentialsRef = KeyRef | Ambient;

/** IAM roles for service accounts: a ServiceAccount of the object's namespace and the role that trusts it. */
export interface WebIdentityRef {
  readonly kind: 'WebIdentity';
  readonly serviceAccount: string;
  readonly roleArn: string;
}

/** An AWS role that is assumed by the identity of another sign-in. */
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
  /** Google service account to impersonate. Without one, URLs cannot be signed. */
  readonly impersonate?: string;
}

/** Workload identity of Microsoft Entra. */
export interface AzureWorkloadIdentityRef {
  readonly kind: 'AzureWorkloadIdentity';
  readonly serviceAccount: string;
  readonly clientId: string;
  readonly tenantId: string;
}

/** An identity with which the operator proves the bucket: W&B's own, or one named in its place. Never published. */
export type IdentityRef = AwsIdentityRef | GcpWorkloadIdentityRef | AzureWorkloadIdentityRef;

/** Any sign-in that an object can declare. */
export type SignInRef = KeyRef | IdentityRef | Ambient;
