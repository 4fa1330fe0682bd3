import type { SignIn } from '../credentials/sign-in.ts';
import { assertNever } from '../../base/result.ts';
import { partitionOf } from './aws-partitions.ts';
import { COREWEAVE_HOST, endpointUrl, type BucketStorage } from './storage.ts';

/**
 * Where the clouds live: the administrator's to say by flag (GovCloud, FIPS,
 * sovereign clouds, private endpoints, emulators), never a CR's.
 * `{region}` and `{account}` stand for what the bucket names.
 */
export interface CloudEndpoints {
  readonly aws: string;
  readonly gcs: string;
  readonly azureBlob: string;
  readonly coreWeave: string;
  /** Where tokens are exchanged: tokens go there and nowhere else. */
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

/** URL of the store that holds a bucket, without a slash at its end; Azure's may hold the account as a path. */
export function storeEndpoint(storage: BucketStorage, clouds: CloudEndpoints): string {
  switch (storage.provider) {
    case 'S3':
      return awsEndpoint(storage.region, clouds);
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

function awsEndpoint(region: string, { aws }: CloudEndpoints): string {
  return inRegion(aws, PUBLIC_CLOUDS.aws, region);
}

/** URL of the STS of a region: its sessions are good everywhere, and it answers when other regions do not. */
export function stsEndpoint(region: string, { awsSts }: CloudEndpoints): string {
  return inRegion(awsSts, PUBLIC_CLOUDS.awsSts, region);
}

/** URL of the service that signs an identity in; absent for keys. */
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

/** Partitions have domains of their own; where the administrator names the place, that is all there is to it. */
function inRegion(template: string, standard: string, region: string): string {
  const whole = template === standard ? template.replace('amazonaws.com', partitionOf(region).domain) : template;
  return whole.replaceAll('{region}', region);
}
