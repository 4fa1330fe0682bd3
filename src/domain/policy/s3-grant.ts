import { partitionOf } from '../bucket/aws-partitions.ts';
import type { BucketAddress, S3KindAddress } from '../bucket/storage.ts';

/** Actions on the bucket itself that W&B documents: it checks these settings and lists objects, versions and uploads. */
const BUCKET_ACTIONS = [
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
  's3:GetBucketLocation',
  's3:GetBucketCORS',
  's3:GetBucketVersioning',
  's3:GetEncryptionConfiguration',
] as const;

/** Actions on objects that W&B documents. */
const OBJECT_ACTIONS = ['s3:GetObject*', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'] as const;

/** Actions on a KMS key that W&B documents. */
export const KMS_ACTIONS = [
  'kms:GenerateDataKey*',
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:Describe*',
] as const;

export type S3BucketAction = (typeof BUCKET_ACTIONS)[number];

/** MinIO has no CORS settings of a bucket and refuses policies that name this action. */
const NOT_ON_MINIO: S3BucketAction = 's3:GetBucketCORS';

/** A statement of a policy in the language of AWS, which every S3 store uses. */
export interface Statement {
  readonly Effect: 'Allow';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** A whole policy. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export function policyOf(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** The partition of a bucket in ARNs. Stores other than AWS use that of the commercial regions. */
export function partitionIdOf(storage: S3KindAddress): string {
  return storage.provider === 'S3' ? partitionOf(storage.region).id : 'aws';
}

/** ARN of the bucket. */
export function bucketArn({ name }: Pick<BucketAddress, 'name'>, partition: string): string {
  return `arn:${partition}:s3:::${name}`;
}

/** ARN of the objects below the sub-path. */
export function objectsArn(storage: Pick<BucketAddress, 'name' | 'path'>, partition: string): string {
  return `${bucketArn(storage, partition)}/${storage.path === '' ? '' : `${storage.path}/`}*`;
}

/** The statements that let a principal use the bucket; a `principal` is named in bucket policies only. */
export function grantStatements(
  storage: S3KindAddress,
  { principal, condition }: Pick<GrantTo, 'principal' | 'condition'> = {},
): readonly Statement[] {
  const partition = partitionIdOf(storage);
  const whom = { Effect: 'Allow', ...(principal !== undefined && { Principal: principal }) } as const;
  const when = condition === undefined ? {} : { Condition: condition };
  const actions = BUCKET_ACTIONS.filter((action) => storage.provider !== 'S3Compatible' || action !== NOT_ON_MINIO);
  return [
    { ...whom, Action: actions, Resource: bucketArn(storage, partition), ...when },
    { ...whom, Action: OBJECT_ACTIONS, Resource: objectsArn(storage, partition), ...when },
  ];
}

interface GrantTo {
  readonly principal?: Readonly<Record<string, string>>;
  readonly condition?: Readonly<Record<string, unknown>>;
}

/** The statement that lets an identity use a KMS key; in the key's own policy it names the principal, and `*` as key. */
export function keyStatement(key: string, principal?: Readonly<Record<string, string>>): Statement {
  return principal === undefined
    ? { Effect: 'Allow', Action: KMS_ACTIONS, Resource: key }
    : { Effect: 'Allow', Principal: principal, Action: KMS_ACTIONS, Resource: '*' };
}
