import { assertNever } from './result.ts';
import { COREWEAVE_HOST, endpointUrl, type BucketStorage } from './storage.ts';

/**
 * Where the clouds live: the administrator's to say by flag (GovCloud, FIPS,
 * sovereign clouds, private endpoints, emulators), never a CR's (design 8).
 * `{region}` and `{account}` stand for what the bucket names.
 */
export interface CloudEndpoints {
  readonly aws: string;
  readonly gcs: string;
  readonly azureBlob: string;
  readonly coreWeave: string;
}

/** The public clouds. */
export const PUBLIC_CLOUDS: CloudEndpoints = {
  aws: 'https://s3.{region}.amazonaws.com',
  gcs: 'https://storage.googleapis.com',
  azureBlob: 'https://{account}.blob.core.windows.net',
  coreWeave: `https://${COREWEAVE_HOST}`,
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

/** China's regions have a domain of their own; where the administrator names the place, that is all there is to it. */
function awsEndpoint(region: string, { aws }: CloudEndpoints): string {
  const template = aws === PUBLIC_CLOUDS.aws && region.startsWith('cn-') ? `${aws}.cn` : aws;
  return template.replaceAll('{region}', region);
}
