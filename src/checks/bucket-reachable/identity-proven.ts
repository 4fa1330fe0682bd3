import { authenticated } from './authenticated.ts';
import { bucketExists } from './bucket-exists.ts';
import { defineCheck, type Judgement } from '../check.ts';
import type { AssumedRoleRef } from '../../domain/credentials/refs.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { assumeRoleStatement } from '../remedies/sign-in-messages.ts';

/** We were the principal that W&B will be: what we may do, W&B may do. */
export const identityProven = defineCheck({
  name: 'IdentityProven',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: [authenticated, bucketExists],
  needs: ['list'],
  reasons: {
    ProvenAsOther: {
      result: 'Warn',
      meaning:
        'The bucket was proven by another principal than W&B will be: what that one may do says nothing sure of what W&B may do.',
      remedy:
        "Give W&B the same grants; or name its ServiceAccount in the bucket's credentials, without spec.validation.credentialsFrom.",
      codes: [],
      proof: 'rules',
    },
    ExternalIdNotEnforced: {
      result: 'Warn',
      meaning:
        'The role can be assumed without the external id that the spec names, so whoever may ask W&B to use the role can reach the bucket.',
      remedy: "Add a condition on sts:ExternalId to the role's trust policy.",
      codes: [],
      proof: 'emulator',
    },
  },
  judge: ({ externalId }, { principal, provenFor, signIn }) => {
    if (signIn.kind === 'AssumedRole' && signIn.externalId !== undefined) {
      // Only a full probe asks.
      if (externalId?.ok !== true) return unknown('NotObserved', 'Nobody asked for the role without its external id.');
      if (!externalId.value.enforced) return notEnforced(signIn);
    }
    if (provenFor === undefined) return passed(`Proven as ${principal}.`);
    return warned(
      'ProvenAsOther',
      `The bucket was proven as ${principal}, and W&B will sign in as ${provenFor}.`,
      "Give W&B the same grants; or prove as W&B itself: name its ServiceAccount in the bucket's credentials, without spec.validation.credentialsFrom.",
    );
  },
});

/** The external id is what keeps others from having us use the role for them (the confused deputy). */
function notEnforced(role: AssumedRoleRef): Judgement<'ExternalIdNotEnforced'> {
  return warned(
    'ExternalIdNotEnforced',
    `Role ${role.roleArn} can be assumed without its external id: whoever can have W&B use the role reaches the bucket.`,
    `Let the trust policy of the role ask for it: ${assumeRoleStatement(role)}`,
  );
}
