import { ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { S3Client } from './s3-client.ts';
import { childOf, childrenOf, textOf } from './xml.ts';

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';

/**
 * Whether AWS itself calls the bucket public. A policy that is open to every principal under a condition on
 * aws:SourceIp or aws:SourceVpce is not public to AWS, though it answers without a signature in that network.
 */
export async function isPublicByRules(
  client: S3Client,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): BucketCall<{ readonly isPublic: boolean }> {
  const policy = await client.ask({ method: 'GET', query: { policyStatus: '' }, headers }, signal);
  if (!policy.ok) return policy;
  if (textOf(policy.value.root, 'IsPublic')?.toLowerCase() !== 'false') return ok({ isPublic: true });
  const acl = await client.ask({ method: 'GET', query: { acl: '' }, headers }, signal);
  if (!acl.ok) return acl;
  const grants = childrenOf(childOf(acl.value.root, 'AccessControlList'), 'Grant');
  return ok({ isPublic: grants.some((grant) => textOf(grant, 'Grantee', 'URI') === EVERYBODY) });
}
