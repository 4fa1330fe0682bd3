import type { Problem } from '../conditions/problem.ts';

/** One bucket has one credential in the published config: the first claim keeps it. */
export function credentialConflict(bucket: string, holder: string, instance: string): Problem {
  return {
    reason: 'CredentialConflict',
    message: `Bucket ${bucket} is published for ${holder} with another credential or address. W&B uses one credential for a bucket, so publishing this one would replace that of ${holder}.`,
    remedy: `Use the Secret and the address of ${holder}, or give this storage a bucket of its own. InstanceStorage ${instance} publishes both.`,
    failureClass: 'external',
  };
}
