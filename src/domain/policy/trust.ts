import type { Statement } from './s3-grant.ts';

/** A Kubernetes workload as an identity service of a cloud sees it; text in angle brackets where it is unknown. */
export interface TrustedWorkload {
  /** Issuer of the cluster's tokens. */
  readonly issuer: string;
  /** `system:serviceaccount:<namespace>:<name>` */
  readonly subject: string;
}

/** Audiences of tokens. They are constant, so that a storage cannot name one that another service accepts. */
export const AWS_AUDIENCE = 'sts.amazonaws.com';
export const AZURE_AUDIENCE = 'api://AzureADTokenExchange';

/** The ARN of the identity provider of the issuer, in the account of a role. */
export function oidcProviderArn(roleArn: string, issuer: string): string {
  const [, partition = 'aws', , , account = '<account>'] = roleArn.split(':');
  return `arn:${partition}:iam::${account}:oidc-provider/${withoutScheme(issuer)}`;
}

/** The statement of a role's trust policy that allows a ServiceAccount. */
export function webIdentityStatement(roleArn: string, { issuer, subject }: TrustedWorkload): Statement {
  const name = withoutScheme(issuer);
  return {
    Effect: 'Allow',
    Principal: { Federated: oidcProviderArn(roleArn, issuer) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${name}:aud`]: AWS_AUDIENCE, [`${name}:sub`]: subject } },
  };
}

/** The statement of a role's trust policy that allows a caller, with its external id. */
export function assumeRoleStatement(caller: string, externalId: string | undefined): Statement {
  return {
    Effect: 'Allow',
    Principal: { AWS: caller },
    Action: 'sts:AssumeRole',
    ...(externalId !== undefined && { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
  };
}

/** The statement of the caller's own policy that the same needs. */
export function assumeRolePermission(roleArn: string): Statement {
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn };
}

/** A ServiceAccount as a member in Google Cloud IAM; `audience` is the full name of the provider. */
export function gcpWorkloadMember(audience: string, subject: string): string {
  return `principal:${audience.replace(/\/providers\/[^/]*$/, '')}/subject/${subject}`;
}

function withoutScheme(issuer: string): string {
  return issuer.replace(/^https?:\/\//, '');
}
