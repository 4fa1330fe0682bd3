import { displayBucket } from '../../domain/bucket/bucket-id.ts';
import type { CoreWeaveStorage } from '../../domain/bucket/storage.ts';
import { corsInWords } from '../../domain/policy/cors.ts';
import type { CheckContext } from '../check.ts';
import { addCorsRule, correctAccessKey, S3_PRESIGNED_RULES, statement } from './s3-policy.ts';
import { s3SettingsMessages } from './s3-settings.ts';
import { actorOf, cloudCa, credentialOfSecret, type ProviderMessages } from './messages.ts';

/** CoreWeave AI Object Storage: S3 at one address; policies belong to the organization. */
export function coreWeaveMessages(storage: CoreWeaveStorage, context: CheckContext): ProviderMessages {
  const { name, region } = storage;
  const url = context.endpointUrl;
  const credential = credentialOfSecret(context);
  return {
    bucket: `bucket ${displayBucket(storage)} at ${url}`,
    wholeBucket: `bucket ${name} at ${url}`,
    url,
    api: 'S3 API',
    endpointFlag: '--coreweave-endpoint',
    regionField: 'spec.bucket.coreWeave.region',
    actor: actorOf(context),
    credential,
    correctCredential: (part) => correctAccessKey(context, part),
    grant: (permission) =>
      `Add to an organization access policy or the bucket policy for the principal of ${credential}: ${statement(permission, storage, 'aws')}`,
    trustCa: cloudCa('CoreWeave'),
    createBucket: `aws s3 mb s3://${name} --endpoint-url ${url} --region ${region ?? '<availability zone>'}`,
    corsRule: (origin) =>
      `bucket ${name}: ${corsInWords(origin)}. ${addCorsRule(`--endpoint-url ${url} --bucket ${name}`, origin)}`,
    presignedRules: S3_PRESIGNED_RULES,
    makePrivate: `take out of the bucket policy the statements that allow Principal "*", and keep those for W&B: aws s3api get-bucket-policy --endpoint-url ${url} --bucket ${name} --query Policy --output text > policy.json, then put-bucket-policy with what is to stay`,
    hiddenBucket: `Either the grant is missing, or a bucket named ${name} belongs to another organization.`,
    settings: {
      ...s3SettingsMessages(storage, { partition: 'aws', endpoint: url }),
      fixKey: () =>
        `CoreWeave does not support KMS keys: remove the key from the encryption settings of bucket ${name}.`,
    },
  };
}
