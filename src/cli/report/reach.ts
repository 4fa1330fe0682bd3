import { pathsOverlap } from '../../domain/bucket/physical-bucket.ts';
import type { Bucket } from './bucket-map.ts';

/** How the storages of a bucket are kept apart. */
export type Separation = 'Alone' | 'InstanceBucket' | 'SharedCredential' | 'Shared' | 'Overlapping';

/** By the storages that the report knows, and those that their statuses name. */
export function separationOf({ tenants, others, hasSharedCredential }: Bucket): Separation {
  const own = tenants.filter(({ isOnInstanceBucket }) => !isOnInstanceBucket);
  if (own.length + others.length <= 1) {
    if (hasSharedCredential) return 'SharedCredential';
    return tenants.length > 1 ? 'InstanceBucket' : 'Alone';
  }
  const paths = own.map(({ path }) => path);
  // The paths of the others are not known, but the whole bucket contains each.
  return isNested(paths) || paths.includes('') ? 'Overlapping' : 'Shared';
}

/** Whether two paths overlap: in this order, one that contains another comes before it, and what is between lies inside too. */
function isNested(paths: readonly string[]): boolean {
  const sorted = paths.map((path) => `${path}/`).toSorted();
  return sorted.some((path, index) => {
    const next = sorted[index + 1];
    return next !== undefined && pathsOverlap(path.slice(0, -1), next.slice(0, -1));
  });
}

/** What that means for the files. */
export function separationText(bucket: Bucket): string {
  const { tenants } = bucket;
  switch (separationOf(bucket)) {
    case 'Alone':
      return 'One storage alone';
    case 'InstanceBucket':
      return `Default bucket, with ${tenants.length - 1} ${tenants.length === 2 ? 'team' : 'teams'} on it`;
    case 'SharedCredential':
      return 'Its credential reaches other buckets';
    case 'Shared':
      return 'Shared by several storages';
    case 'Overlapping':
      return 'Shared, with overlapping paths';
  }
}

/** Whether files of one storage are open to another one that has a bucket of its own. */
export function needsLook(bucket: Bucket): boolean {
  return !['Alone', 'InstanceBucket'].includes(separationOf(bucket));
}
