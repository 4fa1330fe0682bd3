import { keyRefOf } from '../../domain/credentials/identity-ref.ts';
import type { S3KindStorage } from '../../domain/bucket/storage.ts';
import { s3CorsRule } from '../../domain/policy/cors.ts';
import { bucketArn, objectsArn } from '../../domain/policy/s3-grant.ts';
import type { CheckContext } from '../check.ts';
import { CORRECT_IDENTITY, patchSecret, type Permission } from './messages.ts';

const ACTIONS: Readonly<Record<Permission, string>> = {
  List: 's3:ListBucket',
  Write: 's3:PutObject',
  Read: 's3:GetObject',
  Delete: 's3:DeleteObject',
  AbortUpload: 's3:AbortMultipartUpload',
};

/** The policy statement that grants a permission, ready to paste; every S3 kind takes this form. */
export function statement(permission: Permission, storage: S3KindStorage, partition: string): string {
  const Resource = permission === 'List' ? bucketArn(storage, partition) : objectsArn(storage, partition);
  const text = JSON.stringify({ Effect: 'Allow', Action: ACTIONS[permission], Resource });
  const also =
    permission === 'List' ? ' W&B also needs s3:PutObject, s3:GetObject and s3:DeleteObject on the objects.' : '';
  return `${text}${also}`;
}

/** How to correct an access key in its Secret. */
export function correctAccessKey({ signIn, namespace }: CheckContext, part: 'id' | 'secret' | 'both'): string {
  const key = keyRefOf(signIn);
  if (key?.kind !== 'AccessKey') return CORRECT_IDENTITY;
  const { secretName, accessKeyIdKey, secretAccessKeyKey } = key;
  const keys = { id: [accessKeyIdKey], secret: [secretAccessKeyKey], both: [accessKeyIdKey, secretAccessKeyKey] };
  return patchSecret(namespace, secretName, keys[part]);
}

/** Commands that keep the rules of others: `put-bucket-cors` replaces all of them. `where`: bucket and endpoint. */
export function addCorsRule(where: string, origin: string): string {
  const rule = JSON.stringify(s3CorsRule(origin));
  return (
    `Save the present rules (aws s3api get-bucket-cors ${where} > cors.json; if there are none, write {"CORSRules":[]}), ` +
    `add to CORSRules: ${rule}, and set the whole list, because the command replaces it: aws s3api put-bucket-cors ${where} --cors-configuration file://cors.json`
  );
}

export const S3_PRESIGNED_RULES =
  'Look in bucket and IAM policies for conditions on s3:authType, s3:signatureAge, aws:SourceIp or aws:SourceVpce, and for a proxy that changes host, path or query of the URL.';
