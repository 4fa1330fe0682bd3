import type { SignIn } from '../credentials/sign-in.ts';
import { assertNever } from '../../base/result.ts';
import { partitionOf } from './aws-partitions.ts';
import { COREWEAVE_HOST, endpointUrl, type BucketAddress, type BucketStorage } from './storage.ts';

/**
 * Endpoints of the clouds: set by the administrator with flags (GovCloud, FIPS, sovereign clouds, private endpoints,
 * emulators), never by a CR. `{region}` and `{account}` stand for values of the bucket.
 */
export interface CloudEndpoints {
  readonly aws: string;
  readonly gcs: string;
  readonly azureBlob: string;
  readonly coreWeave: string;
  /** Where tokens are exchanged. Tokens are sent nowhere else. */
  readonly awsSts: string;
  readonly gcpSts: string;
  readonly gcpIam: string;
  readonly azureLogin: string;
}

/** The public clouds. */
export const PUBLIC_CLOUDS: CloudEndpoints = {
  aws: 'https://s3.{region}.amazonaws.com',
  gcs: 'https://storage.googleapis.com',
  azureBlob: 'https://{account}.blob.core.windows.net',
  coreWeave: `https://${COREWEAVE_HOST}`,
  awsSts: 'https://sts.{region}.amazonaws.com',
  gcpSts: 'https://sts.googleapis.com',
  gcpIam: 'https://iamcredentials.googleapis.com',
  azureLogin: 'https://login.microsoftonline.com',
};

/** URL of the store that holds a bucket, without a trailing slash; for Azure, the account may be its path. */
export function storeEndpoint(storage: BucketAddress, clouds: CloudEndpoints): string {
  switch (storage.provider) {
    case 'S3':
      return storage.endpoint === undefined ? awsEndpoint(storage.region, clouds) : endpointUrl(storage.endpoint);
    case 'S3Compatible':
      return endpointUrl(storage.endpoint);
    case 'CoreWeave':
      return clouds.coreWeave;
    case 'GCS':
      return clouds.gcs;
    case 'AzureBlob':
      return clouds.azureBlob.replaceAll('{account}', storage.storageAccount);
    default:
      return assertNever(storage);
  }
}

/**
 * URL at which W&B's server looks for a bucket, where that is not the one that the operator dials: an address of W&B
 * names a host for the S3 kinds alone, not for AWS without a key, and for CoreWeave only its public one.
 */
export function otherEndpointOfServer(storage: BucketStorage, clouds: CloudEndpoints): string | undefined {
  const namesHost =
    storage.provider === 'S3Compatible' || (storage.provider === 'S3' && storage.credentials.kind !== 'Ambient');
  if (namesHost) return undefined;
  const known =
    storage.provider === 'S3' ? awsEndpoint(storage.region, PUBLIC_CLOUDS) : storeEndpoint(storage, PUBLIC_CLOUDS);
  return storeEndpoint(storage, clouds) === known ? undefined : known;
}

function awsEndpoint(region: string, { aws }: CloudEndpoints): string {
  return inRegion(aws, PUBLIC_CLOUDS.aws, region);
}

/** URL of the STS of a region. A regional STS works while other regions fail, and its sessions are valid everywhere. */
export function stsEndpoint(region: string, { awsSts }: CloudEndpoints): string {
  return inRegion(awsSts, PUBLIC_CLOUDS.awsSts, region);
}

/** URL of the service that exchanges tokens of an identity; absent for keys. */
export function identityEndpoint(
  storage: BucketStorage,
  signIn: Pick<SignIn, 'kind'>,
  clouds: CloudEndpoints,
): string | undefined {
  switch (signIn.kind) {
    case 'WebIdentity':
    case 'AssumedRole':
      return storage.provider === 'S3' ? stsEndpoint(storage.region, clouds) : undefined;
    case 'GcpWorkloadIdentity':
      return clouds.gcpSts;
    case 'AzureWorkloadIdentity':
      return clouds.azureLogin;
    default:
      return undefined;
  }
}

/** Partitions have domains of their own, unless the administrator set the endpoint. */
function inRegion(template: string, standard: string, region: string): string {
  const whole = template === standard ? template.replace('amazonaws.com', partitionOf(region).domain) : template;
  return whole.replaceAll('{region}', region);
}
