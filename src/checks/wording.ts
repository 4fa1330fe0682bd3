import { displayBucket } from '../domain/bucket-identity.ts';
import { storeHost } from '../domain/file-store-address.ts';
import type { BucketFailure } from '../domain/bucket-failure.ts';
import { endpointUrl } from '../domain/storage.ts';
import type { CheckContext } from './check.ts';

/** The bucket and where it is: `bucket omega-data/teams/omega at https://minio.acme.example`. */
export function bucketPlace(context: CheckContext): string {
  return `bucket ${displayBucket(context.storage)} ${storePlace(context)}`;
}

/** `in eu-central-1`, `at https://minio.acme.example`. */
export function storePlace({ storage }: CheckContext): string {
  return storage.provider === 'S3' ? `in ${storage.region}` : `at ${endpointUrl(storage.endpoint)}`;
}

/** Scheme and host of the store. */
export function storeUrl(context: CheckContext): string {
  const { storage } = context;
  return storage.provider === 'S3' ? `https://${storeHost(storage)}` : endpointUrl(storage.endpoint);
}

/** Field of the spec that names the endpoint, or what stands for it. */
export function endpointField(context: CheckContext): string {
  return context.storage.provider === 'S3' ? 'spec.bucket.s3.region' : 'spec.bucket.s3Compatible.endpoint';
}

/** Field of the spec that names the region. */
export function regionField(context: CheckContext): string {
  return context.storage.provider === 'S3' ? 'spec.bucket.s3.region' : 'spec.bucket.s3Compatible.region';
}

/** ` (403 AccessDenied)`, or what of it is known; empty when nothing is. */
export function codeOf(failure: Pick<BucketFailure, 'httpStatus' | 'providerCode'>): string {
  const parts = [failure.httpStatus, failure.providerCode].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`;
}

/** An access key id of which only the ends show. */
export function maskedKeyId(context: CheckContext): string {
  const { accessKeyId } = context;
  return accessKeyId.length >= 12
    ? `${accessKeyId.slice(0, 4)}…${accessKeyId.slice(-4)}`
    : `${accessKeyId.slice(0, 2)}…`;
}

/** Who asked: `access key AKIA…WXYZ of Secret omega-bucket`. */
export function principal(context: CheckContext): string {
  const { credentials } = context.storage;
  return credentials.kind === 'AccessKey'
    ? `access key ${maskedKeyId(context)} of Secret ${credentials.secretName}`
    : `access key ${maskedKeyId(context)}`;
}

/** The command that puts a corrected value into the Secret, with a placeholder for the value. */
export function correctSecret(context: CheckContext, part: 'accessKeyId' | 'secretAccessKey' | 'both'): string {
  const { credentials } = context.storage;
  if (credentials.kind !== 'AccessKey') return 'Correct the identity of the workload that signs in to the store.';
  const keys = {
    accessKeyId: [credentials.accessKeyIdKey],
    secretAccessKey: [credentials.secretAccessKeyKey],
    both: [credentials.accessKeyIdKey, credentials.secretAccessKeyKey],
  }[part];
  const data = JSON.stringify({ stringData: Object.fromEntries(keys.map((key) => [key, '<new value>'])) });
  return `Correct ${keys.join(' and ')} of Secret ${credentials.secretName}: kubectl patch secret ${credentials.secretName} -n ${context.namespace} -p '${data}'`;
}

/** ARN of the bucket, in the partition of its region; other stores use that of AWS in their policies. */
export function bucketArn(context: CheckContext): string {
  return `arn:${partition(context)}:s3:::${context.storage.name}`;
}

/** ARN of all objects under the path. */
export function objectsArn(context: CheckContext): string {
  const { path } = context.storage;
  return `${bucketArn(context)}/${path === '' ? '' : `${path}/`}*`;
}

/** Prefix of keys under the path, as a listing takes it. */
export function pathPrefix(context: CheckContext): string {
  return context.storage.path === '' ? '' : `${context.storage.path}/`;
}

function partition({ storage }: CheckContext): string {
  if (storage.provider !== 'S3') return 'aws';
  if (storage.region.startsWith('cn-')) return 'aws-cn';
  return storage.region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The statement that grants an action, ready to paste into the policy of the principal. */
export function grant(context: CheckContext, action: string, resource: string): string {
  const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
  return context.storage.provider === 'S3'
    ? `Add to the IAM policy of the owner of ${principal(context)}, and look for a Deny in the bucket policy: ${statement}`
    : `Add to the policy that the store attaches to ${principal(context)} (MinIO: mc admin policy create, then attach): ${statement}`;
}
