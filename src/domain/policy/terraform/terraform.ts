import { assertNever } from '../../../base/result.ts';
import { awsDocuments, iamPolicyName } from '../aws-documents.ts';
import { azureDocuments } from '../azure-documents.ts';
import { blank } from '../blanks.ts';
import { gcsDocuments } from '../gcs-documents.ts';
import type { PolicyRequest, RequestFor } from '../policy-request.ts';
import { coreWeaveDocuments, storeDocuments } from '../store-documents.ts';
import { wandbOnAws } from '../wandb-principals.ts';
import { block, comment, Expression, fileOf, hcl, jsonencode } from './hcl.ts';

/** The same documents as Terraform resources. What only a resource that owns the whole setting could hold is left as a local value. */
export function terraformOf(request: PolicyRequest): string {
  const { storage } = request;
  switch (storage.provider) {
    case 'S3':
      return fileOf(awsBlocks({ ...request, storage }));
    case 'S3Compatible':
      return fileOf(minioBlocks({ ...request, storage }));
    case 'CoreWeave':
      return fileOf(coreWeaveBlocks({ ...request, storage }));
    case 'GCS':
      return fileOf(gcsBlocks({ ...request, storage }));
    case 'AzureBlob':
      return fileOf(azureBlocks({ ...request, storage }));
    default:
      return assertNever(storage);
  }
}

const resource = (type: string, attributes: Readonly<Record<string, unknown>>, name = 'wandb'): string =>
  block(`resource "${type}" "${name}"`, attributes);

/** For a resource that holds a whole list. */
const owns = (what: string, show: string): string =>
  comment(`This resource holds ${what}. Add those that are there before you apply it: ${show}`);

function awsBlocks(request: RequestFor<'S3'>): readonly string[] {
  const { storage, deployment } = request;
  const { name } = storage;
  const { principal, isOtherAccount, trustPolicy, callerPolicy, keyPolicy, ...all } = awsDocuments(request);
  return [
    ...(principal === wandbOnAws(deployment) ? [] : iamBlocks(request, principal)),
    ...(isOtherAccount
      ? [
          `${owns('all statements of the bucket policy', `aws s3api get-bucket-policy --bucket ${name}`)}\n${resource('aws_s3_bucket_policy', { bucket: name, policy: jsonencode(all.bucketPolicy) })}`,
        ]
      : []),
    ...local(
      'wandb_key_statements',
      keyPolicy?.Statement,
      'Add it to the policy of the KMS key, beside its other statements.',
    ),
    ...local('wandb_trust_statements', trustPolicy?.Statement, `Add it to assume_role_policy of role ${principal}.`),
    ...local(
      'wandb_caller_statements',
      callerPolicy?.Statement,
      'Add it to the policy of the principal that assumes the role.',
    ),
    `${owns('all CORS rules of the bucket', `aws s3api get-bucket-cors --bucket ${name}`)}\n${s3Cors(name, all.cors.CORSRules)}`,
  ];
}

function iamBlocks(request: RequestFor<'S3'>, principal: string): readonly string[] {
  const { iamPolicy } = awsDocuments(request);
  const arn = hcl(principal);
  const nameOf = new Expression(`reverse(split("/", ${arn}))[0]`);
  const isKnown = !principal.startsWith('<');
  const attachments = (['user', 'role'] as const)
    .filter((kind) => !isKnown || principal.includes(`:${kind}/`))
    .map((kind) =>
      resource(`aws_iam_${kind}_policy_attachment`, {
        ...(!isKnown && { count: new Expression(`can(regex(":${kind}/", ${arn})) ? 1 : 0`) }),
        [kind]: isKnown ? principal.split('/').at(-1) : nameOf,
        policy_arn: new Expression('aws_iam_policy.wandb.arn'),
      }),
    );
  return [
    resource('aws_iam_policy', { name: iamPolicyName(request.storage), policy: jsonencode(iamPolicy) }),
    ...attachments,
  ];
}

function local(name: string, value: unknown, says: string): readonly string[] {
  return value === undefined ? [] : [`${comment(says)}\n${block('locals', { [name]: value })}`];
}

function s3Cors(bucket: string, rules: readonly unknown[]): string {
  const blocks = rules.map((rule) => nested('cors_rule', inSnakeCase(rule)));
  return `resource "aws_s3_bucket_cors_configuration" "wandb" {\n  bucket = ${hcl(bucket)}\n\n${blocks.join('\n')}\n}`;
}

/** Terraform's providers name settings as the APIs do, in another case. */
function inSnakeCase(settings: unknown): Readonly<Record<string, unknown>> {
  const name = (key: string): string => key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  return Object.fromEntries(Object.entries(settings as object).map(([key, value]) => [name(key), value]));
}

/** A block inside of a resource. */
function nested(name: string, attributes: Readonly<Record<string, unknown>>): string {
  return block(name, attributes)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function minioBlocks(request: RequestFor<'S3Compatible'>): readonly string[] {
  const { user, policy, corsOrigin } = storeDocuments(request);
  return [
    comment('Provider aminueza/minio.'),
    resource('minio_iam_policy', { name: iamPolicyName(request.storage), policy: jsonencode(policy) }),
    resource('minio_iam_user_policy_attachment', {
      user_name: user,
      policy_name: new Expression('minio_iam_policy.wandb.name'),
    }),
    ...local(
      'wandb_cors_origin',
      corsOrigin,
      'MinIO has one list of origins for all buckets, which no resource holds: add it to cors_allow_origin (mc admin config get <alias> api), unless that is *.',
    ),
  ];
}

function coreWeaveBlocks(request: RequestFor<'CoreWeave'>): readonly string[] {
  const { name } = request.storage;
  const { bucketPolicy, organizationPolicy, cors } = coreWeaveDocuments(request);
  return [
    comment('Provider coreweave/coreweave.'),
    ...(organizationPolicy === undefined
      ? []
      : [resource('coreweave_object_storage_organization_access_policy', { ...organizationPolicy })]),
    `${owns('all statements of the bucket policy', `aws s3api get-bucket-policy --endpoint-url https://cwobject.com --bucket ${name}`)}\n${resource('coreweave_object_storage_bucket_policy', { bucket: name, policy: jsonencode(bucketPolicy) })}`,
    ...local(
      'wandb_cors_rules',
      cors.CORSRules,
      'The provider has no resource for CORS: byob policy -o commands adds the rule.',
    ),
  ];
}

function gcsBlocks(request: RequestFor<'GCS'>): readonly string[] {
  const { name } = request.storage;
  const { bucketBindings, impersonation, cors } = gcsDocuments(request);
  return [
    ...bucketBindings.map(({ role, members: [member] }) =>
      resource('google_storage_bucket_iam_member', { bucket: name, role, member }),
    ),
    ...(impersonation?.bindings ?? []).map(({ role, members: [member] }, index) =>
      resource(
        'google_service_account_iam_member',
        {
          service_account_id: new Expression('data.google_service_account.wandb.name'),
          role,
          member,
        },
        index === 0 ? 'workload' : 'signing',
      ),
    ),
    ...(impersonation === undefined
      ? []
      : [block('data "google_service_account" "wandb"', { account_id: impersonation.serviceAccount })]),
    ...local(
      'wandb_cors_rules',
      cors.map(inSnakeCase),
      'CORS rules belong to the resource google_storage_bucket: write a cors block with these values beside the others.',
    ),
  ];
}

function azureBlocks(request: RequestFor<'AzureBlob'>): readonly string[] {
  const { storageAccount } = request.storage;
  const { roles, federatedCredential, cors } = azureDocuments(request);
  const group = blank('AZURE_RESOURCE_GROUP');
  const identity = 'data.azurerm_user_assigned_identity.wandb';
  const data = (type: string, attributes: Readonly<Record<string, unknown>>): string =>
    block(`data "${type}" "wandb"`, attributes);
  return [
    ...(roles === undefined
      ? []
      : [
          data('azurerm_storage_account', { name: storageAccount, resource_group_name: group }),
          `${comment(`The identity with client id ${roles.clientId.replace(/[<>]/g, '')}.`)}\n${data('azurerm_user_assigned_identity', { name: blank('AZURE_IDENTITY_NAME'), resource_group_name: group })}`,
          ...roles.names.map((role, index) =>
            resource(
              'azurerm_role_assignment',
              {
                scope: new Expression('data.azurerm_storage_account.wandb.id'),
                role_definition_name: role,
                principal_id: new Expression(`${identity}.principal_id`),
              },
              index === 0 ? 'data' : 'signing',
            ),
          ),
        ]),
    ...(federatedCredential === undefined
      ? []
      : [
          resource('azurerm_federated_identity_credential', {
            name: federatedCredential.name,
            resource_group_name: group,
            parent_id: new Expression(`${identity}.id`),
            issuer: federatedCredential.issuer,
            subject: federatedCredential.subject,
            audience: federatedCredential.audiences,
          }),
        ]),
    ...local(
      'wandb_cors_rule',
      inSnakeCase(cors),
      'CORS rules belong to the resource azurerm_storage_account: write a cors_rule in blob_properties with these values beside the others.',
    ),
  ];
}
