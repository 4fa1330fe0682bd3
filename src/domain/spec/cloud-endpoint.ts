import { PUBLIC_CLOUDS, storeEndpoint, type CloudEndpoints } from '../bucket/store-endpoint.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { parseEndpoint } from './parse-endpoint.ts';

/**
 * A bucket of AWS with the address that the administrator of the operator set for AWS. From here on it is part of the
 * bucket's address, so that what is proven and what is published cannot differ.
 */
export function withCloudEndpoint(storage: BucketStorage, clouds: CloudEndpoints): BucketStorage {
  if (storage.provider !== 'S3' || clouds.aws === PUBLIC_CLOUDS.aws) return storage;
  const endpoint = parseEndpoint(storeEndpoint(storage, clouds));
  return endpoint.ok ? { ...storage, endpoint: endpoint.value } : storage;
}
