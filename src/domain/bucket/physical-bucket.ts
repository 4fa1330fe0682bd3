import { textOnceFor } from '../../base/once-for.ts';
import { awsPlaceOf, partitionOf } from './aws-partitions.ts';
import type { BucketAddress, Endpoint } from './storage.ts';

/**
 * A text for the bucket behind a spec, independent of its spelling: equal texts are the same bucket. The case of a
 * host, the standard port, the addressing style and the region in a host's name make no difference, and a cloud's
 * bucket is the same when it is used through an S3-compatible endpoint.
 */
export const physicalBucket = textOnceFor((storage: BucketAddress): string => {
  const { name } = storage;
  switch (storage.provider) {
    case 'S3':
      return bucketOfAws(storage.region, name);
    case 'GCS':
      return `gcs/${name}`;
    case 'CoreWeave':
      return `coreweave/${name}`;
    case 'AzureBlob':
      return `azure/${storage.storageAccount}/${name}`;
    case 'S3Compatible':
      return cloudBehind(storage.endpoint, name) ?? `${authorityOf(storage.endpoint)}/${name}`;
  }
});

/** Whether access to one path includes objects of the other: the paths are equal, or one contains the other. */
export function pathsOverlap(left: string, right: string): boolean {
  const [one, two] = [`${left}/`, `${right}/`];
  return left === '' || right === '' || one.startsWith(two) || two.startsWith(one);
}

/** Names are unique within a partition, whatever the region. */
function bucketOfAws(region: string, name: string): string {
  return `${partitionOf(region).id}/${name}`;
}

/** A cloud's own bucket, if an S3-compatible endpoint belongs to that cloud. */
function cloudBehind({ host }: Endpoint, name: string): string | undefined {
  if (host === 'storage.googleapis.com') return `gcs/${name}`;
  if (host === 'cwobject.com' || host.endsWith('.cwobject.com') || host.endsWith('.cwlota.com')) {
    return `coreweave/${name}`;
  }
  const place = awsPlaceOf(host);
  return place === undefined ? undefined : `${place.partition.id}/${name}`;
}

/** Host and port. Both standard ports are the same: one store with and without TLS. */
function authorityOf({ host, port }: Endpoint): string {
  return port === 443 || port === 80 ? host : `${host}:${port}`;
}
