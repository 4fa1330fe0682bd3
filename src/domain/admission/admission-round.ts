import { physicalBucket } from '../bucket/physical-bucket.ts';
import type { Admissions } from './admit.ts';
import type { Resolution } from './resolve-claim.ts';
import { idOf, type ClaimKey } from './world.ts';

/**
 * Admits newcomers one after the other: of claims that arrive together, a later one sees those that were placed before
 * it.
 */
export interface AdmissionRound {
  admit(key: ClaimKey): boolean;
  placed(key: ClaimKey): void;
}

export function admissionRound(admissions: Pick<Admissions, 'whereaboutsOf' | 'mayProve'>): AdmissionRound {
  /** Buckets that newcomers of this round hold exclusively, with the name of the holder. */
  const taken = new Map<string, string>();
  return {
    admit(key) {
      const resolution = admissions.whereaboutsOf(key);
      if (resolution === undefined || !admissions.mayProve(resolution)) return false;
      const owner = taken.get(bucketOf(resolution) ?? '');
      return owner === undefined || owner === idOf(key);
    },
    placed(key) {
      const resolution = admissions.whereaboutsOf(key);
      const object = resolution?.object;
      if (object?.kind !== 'TeamStorage' || object.spec.isolation !== 'Required') return;
      const bucket = bucketOf(resolution);
      if (bucket !== undefined && !taken.has(bucket)) taken.set(bucket, idOf(key));
    },
  };
}

function bucketOf(resolution: Resolution | undefined): string | undefined {
  return resolution?.storage === undefined ? undefined : physicalBucket(resolution.storage);
}
