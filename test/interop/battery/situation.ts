import type { Feature, Place, Reasons, Store, Verdict } from '../stores/store.ts';

/** Parts of the table, in its order. */
export const GROUPS = [
  'Good buckets',
  'Credentials and grants',
  'Browsers',
  'Settings of the bucket',
  'Time',
  'Proxies before the store',
] as const;

/** What is probed, and how. */
export interface Attempt {
  readonly place: Place;
  /** `Full` where nothing is said. */
  readonly mode?: 'Full' | 'Light';
  /** How far the operator's clock is ahead of the store's. */
  readonly clockAheadMinutes?: number;
}

/** A state of a store, and the one verdict on it that is right. */
export interface Situation {
  /** Unique; the row of the table. */
  readonly id: string;
  readonly group: (typeof GROUPS)[number];
  readonly needs: readonly Feature[];
  readonly verdict: Verdict;
  /** What else does not pass on a bucket that is Ready, beyond what the store is always warned of. */
  readonly warnings?: Reasons;
  /** What message and remedy of the failed check must say, where that decides what a person does. */
  readonly says?: RegExp;
  /** Makes it on the bucket, which is new. */
  prepare(store: Store, bucket: string): Promise<Attempt>;
  /** The bucket is made with object lock. */
  readonly objectLock?: true;
  /** Its name, where the name is what matters. */
  readonly bucketName?: () => string;
}

/** Why a situation cannot be made on a store; absent where it can. */
export function obstacle(store: Store, { needs }: Pick<Situation, 'needs'>): string | undefined {
  return needs.map((feature) => store.lacks[feature]).find((reason) => reason !== undefined);
}
