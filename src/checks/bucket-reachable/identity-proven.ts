import { authenticated } from './authenticated.ts';
import { bucketExists } from './bucket-exists.ts';
import { defineCheck, type Judgement } from '../check.ts';
import type { AssumedRoleRef } from '../../domain/credentials/refs.ts';
import { passed, unknown, warned } from '../judgement.ts';
import { assumeRoleTrust } from '../remedies/sign-in-messages.ts';

/** The operator signed in as the principal that W&B uses, so the results hold for W&B. */
export const identityProven = defineCheck({
  name: 'IdentityProven',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: [authenticated, bucketExists],
  decidedBy: 'Survey',
  needs: ['list'],
  reasons: {
    ProvenAsOther: {
      result: 'Warn',
      meaning:
        'The bucket was proven with another principal than the one that W&B uses, which may have other permissions.',
      remedy:
        "Give W&B's principal the same permissions; or name its ServiceAccount in the bucket's credentials, without spec.validation.credentialsFrom.",
      codes: [],
      proof: 'rules',
    },
    ExternalIdNotEnforced: {
      result: 'Warn',
      meaning:
        'The role can be assumed without the external id that the spec names, so any user who can make W&B use the role reaches the bucket.',
      remedy: "Add a condition on sts:ExternalId to the role's trust policy.",
      codes: [],
      proof: 'emulator',
    },
  },
  judge: ({ externalId }, { principal, provenFor, signIn }) => {
    if (signIn.kind === 'AssumedRole' && signIn.externalId !== undefined) {
      // Only a full probe tries it.
      if (externalId?.ok !== true) return unknown('NotObserved', 'The role was not tried without its external id.');
      if (!externalId.value.enforced) return notEnforced(signIn);
    }
    if (provenFor === undefined) return passed(`Proven as ${principal}.`);
    return warned(
      'ProvenAsOther',
      `The bucket was proven as ${principal}, but W&B signs in as ${provenFor}.`,
      "Give W&B's principal the same permissions; or let the operator sign in as W&B: name its ServiceAccount in the bucket's credentials, without spec.validation.credentialsFrom.",
    );
  },
});

/** Without the external id other parties can make the caller use the role for them (the confused deputy). */
function notEnforced(role: AssumedRoleRef): Judgement<'ExternalIdNotEnforced'> {
  return warned(
    'ExternalIdNotEnforced',
    `Role ${role.roleArn} can be assumed without its external id: any user who can make W&B use the role reaches the bucket.`,
    `Require it in the trust policy of the role: ${assumeRoleTrust(role)}`,
  );
}
