import type { BucketStorage } from '../domain/storage.ts';
import type { Net } from '../net/net.ts';
import type { BucketDriver, OpenBucket } from '../ports/bucket.ts';
import type { AwsEndpoint } from './s3/client-config.ts';

export interface DriverDeps {
  readonly net: Net;
  /** Overrides where AWS lives: GovCloud, FIPS, private endpoints, emulators. */
  readonly awsEndpoint: AwsEndpoint;
}

async function loadS3(deps: DriverDeps): Promise<BucketDriver> {
  const { createS3Driver } = await import('./s3/s3-driver.ts');
  return createS3Driver(deps);
}

/** The driver of each provider, loaded when the first bucket of its kind is opened. */
const LOADERS = {
  S3: loadS3,
  S3Compatible: loadS3,
} satisfies Record<BucketStorage['provider'], (deps: DriverDeps) => Promise<BucketDriver>>;

/** Opens buckets of any provider. */
export function createOpenBucket(deps: DriverDeps): OpenBucket {
  const drivers = new Map<(deps: DriverDeps) => Promise<BucketDriver>, Promise<BucketDriver>>();
  return async (target) => {
    const load = LOADERS[target.storage.provider];
    const driver = drivers.get(load) ?? load(deps);
    drivers.set(load, driver);
    return (await driver).open(target);
  };
}
