import type { Problem } from '../conditions/problem.ts';

/** One bucket has one credential in the published config: who was there first keeps it. */
export function credentialConflict(bucket: string, holder: string, instance: string): Problem {
  return {
    reason: 'CredentialConflict',
    message: `Bucket ${bucket} is published for ${holder} with another credential or address, and W&B takes one for a bucket: publishing this one would replace what ${holder} was proven with.`,
    remedy: `Use the Secret and the address of ${holder}, or give this storage a bucket of its own. InstanceStorage ${instance} publishes both.`,
    failureClass: 'external',
  };
}
