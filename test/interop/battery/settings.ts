import type { Feature, Store, Verdict } from '../stores/store.ts';
import type { Situation } from './situation.ts';

/** Settings of a bucket that keep W&B from working, or lose its files. */
export const SETTING_SITUATIONS: readonly Situation[] = [
  setting('public by a policy', ['NotPublic', 'BucketPublic'], 'public by policy', (store, bucket) =>
    store.publish(bucket, 'policy'),
  ),
  setting('public by an ACL', ['NotPublic', 'BucketPublic'], 'public by ACL', (store, bucket) =>
    store.publish(bucket, 'ACL'),
  ),
  { ...setting('object lock without a retention', 'Ready', 'object lock'), objectLock: true },
  {
    ...setting('a default retention', ['ObjectsDeletable', 'ObjectsRetained'], 'object lock', (store, bucket) =>
      store.retainObjects(bucket, 30),
    ),
    objectLock: true,
  },
  {
    ...setting('a lifecycle rule that deletes', 'Ready', 'lifecycle', (store, bucket) =>
      store.expireObjects(bucket, 30),
    ),
    warnings: { LifecycleSafe: 'LifecycleDeletes' },
  },
  {
    ...setting('a KMS key that does not exist', ['KmsUsable', 'KmsKeyNotFound'], 'KMS keys'),
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket, { kmsKeyId: 'no-such-key' }) }),
  },
];

function setting(
  id: string,
  verdict: Verdict,
  feature: Feature,
  change: (store: Store, bucket: string) => Promise<void> = () => Promise.resolve(),
): Situation {
  return {
    id,
    group: 'Settings of the bucket',
    needs: [feature],
    verdict,
    async prepare(store, bucket) {
      await change(store, bucket);
      return { place: store.place(bucket) };
    },
  };
}
