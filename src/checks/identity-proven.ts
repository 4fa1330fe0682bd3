import type { Check } from './check.ts';
import { passed, warned } from './judgement.ts';

/** We were the principal that W&B will be: what we may do, W&B may do. */
export const identityProven: Check = {
  name: 'IdentityProven',
  gate: 'BucketReachable',
  required: false,
  ignorable: true,
  prerequisites: ['Authenticated', 'BucketExists'],
  needs: ['list'],
  judge: (_observations, { principal, provenFor }) => {
    if (provenFor === undefined) return passed(`Proven as ${principal}.`);
    return warned(
      'ProvenAsOther',
      `The bucket was proven as ${principal}, and W&B will sign in as ${provenFor}.`,
      'Give W&B the same grants, or prove as W&B itself and remove spec.validation.credentialsFrom.',
    );
  },
};
