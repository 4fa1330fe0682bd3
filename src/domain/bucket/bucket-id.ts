import { textOnceFor } from '../../base/once-for.ts';
import { endpointUrl, type BucketAddress } from './storage.ts';

/**
 * What a claim is bound to once it is published: the part of a bucket that
 * cannot change, because W&B cannot move a team.
 */
export interface BoundBucket {
  readonly provider: string;
  readonly name: string;
  readonly path?: string;
  readonly endpoint?: string;
  readonly storageAccount?: string;
}

/** The identity of a bucket and sub-path. */
export function boundBucketOf(storage: BucketAddress): BoundBucket {
  return {
    provider: storage.provider,
    name: storage.name,
    ...(storage.path !== '' && { path: storage.path }),
    ...(storage.provider === 'S3Compatible' && { endpoint: endpointUrl(storage.endpoint) }),
    ...(storage.provider === 'AzureBlob' && { storageAccount: storage.storageAccount }),
  };
}

/** Equal for two addresses when they are the same bucket; the sub-path does not count. */
export const bucketId = textOnceFor(
  (storage: BucketAddress): string => `${storage.provider}|${namespaceOf(storage)}|${storage.name}`,
);

/** The scope in which a bucket's name is unique. Partitions of AWS count as one, so a name in two of them is one bucket. */
function namespaceOf(storage: BucketAddress): string {
  if (storage.provider === 'S3Compatible') return endpointUrl(storage.endpoint);
  return storage.provider === 'AzureBlob' ? storage.storageAccount : '';
}

/** `bucket/sub/path`, for display. */
export function displayBucket(storage: Pick<BucketAddress, 'name' | 'path'>): string {
  return storage.path === '' ? storage.name : `${storage.name}/${storage.path}`;
}
