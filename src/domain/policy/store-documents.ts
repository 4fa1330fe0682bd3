import { blank } from './blanks.ts';
import { s3CorsRule } from './cors.ts';
import { originOf, type NamedDocument, type RequestFor } from './policy-request.ts';
import { grantStatements, policyOf, type PolicyDocument } from './s3-grant.ts';
import { wandbOnCoreWeave } from './wandb-principals.ts';

/** Everything that a bucket of MinIO, or of a store with policies like MinIO's, needs. */
export interface StoreDocuments {
  /** The user whose key W&B uses. */
  readonly user: string;
  readonly policy: PolicyDocument;
  /** MinIO has one list of origins for all its buckets. */
  readonly corsOrigin: string;
}

export function storeDocuments(request: RequestFor<'S3Compatible'>): StoreDocuments {
  return {
    user: request.principal ?? blank('STORE_USER'),
    policy: policyOf(grantStatements(request.storage)),
    corsOrigin: originOf(request),
  };
}

export function namedStoreDocuments(request: RequestFor<'S3Compatible'>): readonly NamedDocument[] {
  const { user, policy, corsOrigin } = storeDocuments(request);
  return [
    { name: 'Policy', purpose: `Attach it to ${user}, the user of the store whose key W&B uses.`, document: policy },
    {
      name: 'Cors',
      purpose:
        'Add the rule to the CORS rules of the bucket. MinIO has one list of origins for all buckets: add the origin to cors_allow_origin, unless that is *.',
      document: { CORSRules: [s3CorsRule(corsOrigin)] },
    },
  ];
}

/** Everything that a bucket on CoreWeave needs. */
export interface CoreWeaveDocuments {
  readonly principal: string;
  readonly bucketPolicy: PolicyDocument;
  /** A statement of an organization access policy; absent where W&B signs in from its own organization. */
  readonly organizationPolicy?: CoreWeaveOrganizationPolicy;
  readonly cors: { readonly CORSRules: readonly unknown[] };
}

export interface CoreWeaveOrganizationPolicy {
  readonly name: string;
  readonly statements: readonly {
    readonly name: string;
    readonly effect: 'Allow';
    readonly principals: readonly string[];
    readonly actions: readonly string[];
    readonly resources: readonly string[];
  }[];
}

export function coreWeaveDocuments(request: RequestFor<'CoreWeave'>): CoreWeaveDocuments {
  const { storage, deployment } = request;
  const cors = { CORSRules: [s3CorsRule(originOf(request))] };
  if (storage.credentials.kind === 'Ambient' && request.principal === undefined) {
    const { principal, condition } = wandbOnCoreWeave(deployment);
    const statements = grantStatements(storage, { principal: { CW: principal }, condition });
    return { principal, bucketPolicy: policyOf(statements), cors };
  }
  const principal = request.principal ?? blank('CW_PRINCIPAL');
  return {
    principal,
    bucketPolicy: policyOf(grantStatements(storage, { principal: { CW: principal } })),
    organizationPolicy: organizationPolicy(request, principal),
    cors,
  };
}

/** Organization access policies come first on CoreWeave: a bucket policy alone grants nothing. */
function organizationPolicy({ storage }: RequestFor<'CoreWeave'>, principal: string): CoreWeaveOrganizationPolicy {
  const statements = grantStatements(storage).map(({ Action, Resource }, index) => ({
    name: index === 0 ? 'wandb-bucket' : 'wandb-objects',
    effect: 'Allow' as const,
    principals: [principal],
    actions: [Action].flat(),
    resources: [Resource ?? '*'].flat(),
  }));
  return { name: `wandb-${storage.name}`, statements };
}

export function namedCoreWeaveDocuments(request: RequestFor<'CoreWeave'>): readonly NamedDocument[] {
  const { name } = request.storage;
  const { organizationPolicy: organization, bucketPolicy, cors, principal } = coreWeaveDocuments(request);
  return [
    ...(organization === undefined
      ? []
      : [
          {
            name: 'OrganizationPolicy',
            purpose: `Create it as an organization access policy under a name that is not in use: it lets ${principal} use the bucket.`,
            document: organization,
          },
        ]),
    { name: 'BucketPolicy', purpose: `Add its statements to the policy of bucket ${name}.`, document: bucketPolicy },
    { name: 'Cors', purpose: `Add its rule to the CORS rules of bucket ${name}.`, document: cors },
  ];
}
