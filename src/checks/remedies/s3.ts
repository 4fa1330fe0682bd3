import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import { partitionOf } from '../../domain/bucket/aws-partitions.ts';
import type { S3Storage } from '../../domain/bucket/storage.ts';
import { corsInWords } from '../../domain/policy/cors.ts';
import type { CheckContext } from '../check.ts';
import { addCorsRule, correctAccessKey, S3_PRESIGNED_RULES, statement } from './s3-policy.ts';
import { s3SettingsMessages } from './s3-settings.ts';
import { actorOf, cloudCa, credentialOfSecret, granteeOf, type ProviderMessages } from './messages.ts';

/** AWS. */
export function s3Messages(storage: S3Storage, context: CheckContext): ProviderMessages {
  const { name, region } = storage;
  const credential = credentialOfSecret(context);
  return {
    bucket: `bucket ${displayBucket(storage)} in ${region}`,
    wholeBucket: `bucket ${name} in ${region}`,
    url: context.endpointUrl,
    api: 'S3 API',
    endpointFlag: '--aws-endpoint',
    hostField: 'spec.bucket.s3.region',
    regionField: 'spec.bucket.s3.region',
    actor: actorOf(context),
    credential,
    correctCredential: (part) => correctAccessKey(context, part),
    grant: (permission) =>
      `Add to the IAM policy of ${granteeOf(context)}, and look for a Deny in the bucket policy: ${statement(permission, storage, partitionOf(region).id)}`,
    trustCa: cloudCa('AWS'),
    createBucket: `aws s3 mb s3://${name} --region ${region}`,
    corsRule: (origin) => `bucket ${name}: ${corsInWords(origin)}. ${addCorsRule(`--bucket ${name}`, origin)}`,
    presignedRules: S3_PRESIGNED_RULES,
    makePrivate: `take the statements for Principal "*" out of the bucket policy (aws s3api get-bucket-policy --bucket ${name}) and grants to AllUsers out of the ACLs (aws s3api get-bucket-acl --bucket ${name}). Blocking public access as a whole (RestrictPublicBuckets) shuts out roles of other accounts that such a policy names, W&B's among them.`,
    hiddenBucket: `Either the grant is missing, or a bucket named ${name} belongs to another account.`,
    settings: s3SettingsMessages(storage, { partition: partitionOf(region).id }),
  };
}
