import { GetBucketAclCommand, GetBucketPolicyStatusCommand, type S3Client } from '@aws-sdk/client-s3';

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';

/**
 * Whether AWS itself calls the bucket public. A policy that is open to every principal under a condition on
 * aws:SourceIp or aws:SourceVpce is not public to AWS, though it answers without a signature in that network.
 */
export async function isPublicByRules(
  client: S3Client,
  bucket: { readonly Bucket: string; readonly ExpectedBucketOwner?: string },
  abortSignal: AbortSignal,
): Promise<{ readonly isPublic: boolean }> {
  const { PolicyStatus } = await client.send(new GetBucketPolicyStatusCommand(bucket), { abortSignal });
  if (PolicyStatus?.IsPublic !== false) return { isPublic: true };
  const { Grants = [] } = await client.send(new GetBucketAclCommand(bucket), { abortSignal });
  return { isPublic: Grants.some(({ Grantee }) => Grantee?.URI === EVERYBODY) };
}
