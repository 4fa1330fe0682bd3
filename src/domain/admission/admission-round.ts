import { physicalBucket } from '../bucket/physical-bucket.ts';
import type { Admission, Admissions } from './admit.ts';
import { idOf, type ClaimKey } from './world.ts';

/**
 * Admits newcomers one after the other: of claims that arrive together, a later one sees those that were placed before
 * it.
 */
export interface AdmissionRound {
  admit(key: ClaimKey): boolean;
  placed(key: ClaimKey): void;
}

export function admissionRound(admissions: Pick<Admissions, 'of'>): AdmissionRound {
  /** Buckets that newcomers of this round hold exclusively, with the name of the holder. */
  const taken = new Map<string, string>();
  return {
    admit(key) {
      const admission = admissions.of(key);
      const owner = taken.get(bucketOf(admission) ?? '');
      return admission?.mayProve === true && (owner === undefined || owner === idOf(key));
    },
    placed(key) {
      const admission = admissions.of(key);
      const bucket = bucketOf(admission);
      const object = admission?.object;
      const isRequired = object?.kind === 'TeamStorage' && object.spec.isolation === 'Required';
      if (isRequired && bucket !== undefined && !taken.has(bucket)) taken.set(bucket, idOf(key));
    },
  };
}

function bucketOf(admission: Admission | undefined): string | undefined {
  return admission?.storage === undefined ? undefined : physicalBucket(admission.storage);
}
