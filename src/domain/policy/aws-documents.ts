import { declaredSignIn } from '../credentials/identity-ref.ts';
import { defined } from '../../base/defined.ts';
import type { S3Storage } from '../bucket/storage.ts';
import { blank } from './blanks.ts';
import { s3CorsRule } from './cors.ts';
import { originOf, workloadOf, type NamedDocument, type RequestFor } from './policy-request.ts';
import { grantStatements, keyStatement, policyOf, type PolicyDocument } from './s3-grant.ts';
import { assumeRolePermission, assumeRoleStatement, webIdentityStatement } from './trust.ts';
import { wandbOnAws } from './wandb-principals.ts';

/** Everything that a bucket on AWS needs. */
export interface AwsDocuments {
  /** The principal that signs in to the bucket. */
  readonly principal: string;
  /** Whether the account of the bucket has to let it in too, because the principal is of another account. */
  readonly isOtherAccount: boolean;
  readonly iamPolicy: PolicyDocument;
  readonly bucketPolicy: PolicyDocument;
  /** For the policy of the KMS key. */
  readonly keyPolicy?: PolicyDocument;
  /** For the trust policy of the principal, if that is a role that the storage names. */
  readonly trustPolicy?: PolicyDocument;
  /** For the policy of the caller that assumes the role. */
  readonly callerPolicy?: PolicyDocument;
  readonly cors: { readonly CORSRules: readonly unknown[] };
}

export function awsDocuments(request: RequestFor<'S3'>): AwsDocuments {
  const { storage } = request;
  const principal = principalOf(request);
  const key = storage.kmsKeyArn;
  return defined({
    principal,
    isOtherAccount: isOtherAccount(principal, request),
    iamPolicy: policyOf([...grantStatements(storage), ...(key === undefined ? [] : [keyStatement(key)])]),
    bucketPolicy: policyOf(grantStatements(storage, { principal: { AWS: principal } })),
    keyPolicy: key === undefined ? undefined : policyOf([keyStatement(key, { AWS: principal })]),
    ...trust(request),
    cors: { CORSRules: [s3CorsRule(originOf(request))] },
  });
}

function principalOf({ storage, principal, deployment }: RequestFor<'S3'>): string {
  const signIn = declaredSignIn(storage);
  if (signIn.kind === 'WebIdentity' || signIn.kind === 'AssumedRole') return signIn.roleArn;
  const ofWandb = signIn.kind === 'Ambient' ? wandbOnAws(deployment) : undefined;
  return principal ?? ofWandb ?? blank('AWS_PRINCIPAL_ARN');
}

function isOtherAccount(principal: string, { storage, deployment }: RequestFor<'S3'>): boolean {
  if (principal === wandbOnAws(deployment)) return true;
  const [, , , , account] = principal.split(':');
  return account !== undefined && storage.expectedBucketOwner !== undefined && account !== storage.expectedBucketOwner;
}

function trust(request: RequestFor<'S3'>): Pick<AwsDocuments, 'trustPolicy' | 'callerPolicy'> {
  const signIn = declaredSignIn(request.storage);
  if (signIn.kind === 'WebIdentity') {
    return { trustPolicy: policyOf([webIdentityStatement(signIn.roleArn, workloadOf(request, 'OIDC_ISSUER_HOST'))]) };
  }
  if (signIn.kind !== 'AssumedRole') return {};
  const caller = signIn.from.kind === 'WebIdentity' ? signIn.from.roleArn : blank('AWS_CALLER_ARN');
  return {
    trustPolicy: policyOf([assumeRoleStatement(caller, signIn.externalId)]),
    callerPolicy: policyOf([assumeRolePermission(signIn.roleArn)]),
  };
}

/** The name of the IAM policy that the commands create. */
export function iamPolicyName({ name, path }: Pick<S3Storage, 'name' | 'path'>): string {
  // At most 128 characters of this set.
  return `wandb-${[name, path].filter((part) => part !== '').join('-')}`.replace(/[^\w+=,.@-]/g, '-').slice(0, 128);
}

export function namedAwsDocuments(request: RequestFor<'S3'>): readonly NamedDocument[] {
  const { name, region, kmsKeyArn } = request.storage;
  const all = awsDocuments(request);
  const list: readonly (readonly [string, string, unknown])[] = [
    ['IamPolicy', `Attach it to ${all.principal}.`, all.iamPolicy],
    [
      'BucketPolicy',
      `Add its statements to the policy of bucket ${name}. Only a principal of another account needs them.`,
      all.bucketPolicy,
    ],
    ['KeyPolicy', `Add its statement to the policy of key ${kmsKeyArn ?? ''}.`, all.keyPolicy],
    ['TrustPolicy', `Add its statement to the trust policy of role ${all.principal}.`, all.trustPolicy],
    ['CallerPolicy', 'Attach it to the principal that assumes the role.', all.callerPolicy],
    ['Cors', `Add its rule to the CORS rules of bucket ${name} in ${region}.`, all.cors],
  ];
  return list
    .filter(([, , document]) => document !== undefined)
    .map(([label, purpose, document]) => ({ name: label, purpose, document }));
}
