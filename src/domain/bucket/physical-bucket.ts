import { awsPlaceOf, partitionOf } from './aws-partitions.ts';
import type { BucketAddress, Endpoint } from './storage.ts';

/**
 * One text for the bucket behind a spec, however it is spelled: equal texts are
 * the same bucket. The case of a host, the standard port, either addressing and
 * the region in a host's name make no other bucket, and a cloud's bucket is the
 * same when it is reached as an S3-compatible store.
 */
export function physicalBucket(storage: BucketAddress): string {
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
      return cloudBehind(storage.endpoint, name) ?? `${placeOf(storage.endpoint)}/${name}`;
  }
}

/** Whether who may use the one path can reach objects of the other: they are the same, or one lies in the other. */
export function pathsOverlap(left: string, right: string): boolean {
  const [one, two] = [`${left}/`, `${right}/`];
  return left === '' || right === '' || one.startsWith(two) || two.startsWith(one);
}

/** Names are unique within a partition, whatever the region. */
function bucketOfAws(region: string, name: string): string {
  return `${partitionOf(region).id}/${name}`;
}

/** A cloud's own bucket, where an S3-compatible endpoint is that of a cloud. */
function cloudBehind({ host }: Endpoint, name: string): string | undefined {
  if (host === 'storage.googleapis.com') return `gcs/${name}`;
  if (host === 'cwobject.com' || host.endsWith('.cwobject.com') || host.endsWith('.cwlota.com')) {
    return `coreweave/${name}`;
  }
  const place = awsPlaceOf(host);
  return place === undefined ? undefined : `${place.partition.id}/${name}`;
}

/** Both standard ports are one place: the same store with and without TLS. */
function placeOf({ host, port }: Endpoint): string {
  return port === 443 || port === 80 ? host : `${host}:${port}`;
}
