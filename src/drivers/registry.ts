import type { BucketStorage } from '../domain/bucket/storage.ts';
import type { CloudEndpoints } from '../domain/bucket/store-endpoint.ts';
import type { GuardedHttp } from '../net/guarded-http.ts';
import type { BucketDriver, OpenBucket } from '../ports/bucket.ts';

export interface DriverDeps {
  readonly net: GuardedHttp;
  readonly clouds: CloudEndpoints;
}

type LoadDriver = (deps: DriverDeps) => Promise<BucketDriver>;

async function loadS3(deps: DriverDeps): Promise<BucketDriver> {
  const { createS3Driver } = await import('./s3/s3-driver.ts');
  return createS3Driver(deps);
}

async function loadGcs(deps: DriverDeps): Promise<BucketDriver> {
  const { createGcsDriver } = await import('./gcs/gcs-driver.ts');
  return createGcsDriver(deps);
}

async function loadAzure(deps: DriverDeps): Promise<BucketDriver> {
  const { createAzureDriver } = await import('./azure/azure-driver.ts');
  return createAzureDriver(deps);
}

/** The driver of each provider, loaded when the first bucket of its kind is opened. */
const LOADERS = {
  S3: loadS3,
  S3Compatible: loadS3,
  CoreWeave: loadS3,
  GCS: loadGcs,
  AzureBlob: loadAzure,
} satisfies Record<BucketStorage['provider'], LoadDriver>;

/** Opens buckets of any provider. */
export function createOpenBucket(deps: DriverDeps): OpenBucket {
  const drivers = new Map<LoadDriver, Promise<BucketDriver>>();
  return async (target) => {
    const load = LOADERS[target.storage.provider];
    const driver = drivers.get(load) ?? load(deps);
    drivers.set(load, driver);
    return (await driver).open(target);
  };
}
