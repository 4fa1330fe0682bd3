import type { BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import type { Check } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { passed, unknown } from '../judgement.ts';
import { CREDENTIAL_KINDS, listFailure } from '../failures/seen-failures.ts';
import { codeOf } from '../wording.ts';

/** Answers that come only after the signature was found good. */
const AFTER_SIGNATURE: readonly BucketFailureKind[] = ['AccessDenied', 'BucketNotFound', 'RequesterPays'];

/** The store knows the access key and accepts its signature. */
export const authenticated: Check = {
  name: 'Authenticated',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: ['TlsTrusted', 'ClockInSync'],
  needs: ['list'],
  judge: (observations, context) => {
    const failure = listFailure(observations);
    if (failure === undefined) return passed();
    if (CREDENTIAL_KINDS.includes(failure.kind)) return failedBy(failure, context);
    if (AFTER_SIGNATURE.includes(failure.kind)) return passed();
    return unknown('NotObserved', `The store answered without looking at the credential${codeOf(failure)}.`);
  },
};
