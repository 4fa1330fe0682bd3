import type { InstanceStorage, TeamStorage } from '../api/resources.ts';
import type { Isolation } from '../domain/isolation.ts';
import type { Problem } from '../domain/problem.ts';
import type { BucketStorage } from '../domain/storage.ts';

/** A CR of either kind. */
export type StorageObject = InstanceStorage | TeamStorage;

/**
 * A CR once its references among CRs are followed: what the validation of both
 * kinds has in common.
 */
export interface Subject<T extends StorageObject> {
  readonly object: T;
  /** `namespace/name` of the InstanceStorage, where it is known. */
  readonly instanceKey?: string;
  readonly instance?: InstanceStorage;
  /** Absent when there is no bucket to prove: the team stays on the instance bucket, or W&B manages it. */
  readonly storage?: BucketStorage;
  /** Who else reaches the files of a team, where that is known. */
  readonly isolation?: Isolation;
  /** Why the object is not accepted. */
  readonly problem?: Problem;
}
