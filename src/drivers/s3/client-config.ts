import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { BucketTarget } from '../../domain/storage.ts';
import { endpointUrl } from '../../domain/storage.ts';

/** Where AWS lives, as the administrator says; `undefined`: the SDK's own endpoints of the public partitions. */
export type AwsEndpoint = (region: string) => string | undefined;

/**
 * A client that does what it is told and nothing else: static credentials (the
 * default chain is never asked), no second try (our schedule retries, and a
 * hidden retry hides a fault), no redirect to another region (W&B's pre-signed
 * URLs follow none), no checksum headers that other stores refuse, and no
 * correction of the clock, which would hide skew.
 */
export function clientConfig(target: BucketTarget, awsEndpoint: AwsEndpoint): S3ClientConfig {
  const { storage, credential } = target;
  const endpoint = storage.provider === 'S3' ? awsEndpoint(storage.region) : endpointUrl(storage.endpoint);
  return {
    region: storage.region,
    ...(endpoint !== undefined && { endpoint }),
    forcePathStyle: storage.provider === 'S3Compatible' && storage.addressing === 'Path',
    credentials: {
      accessKeyId: credential.accessKeyId,
      secretAccessKey: credential.secretAccessKey.reveal(),
    },
    maxAttempts: 1,
    followRegionRedirects: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    useArnRegion: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    useAccelerateEndpoint: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
    defaultUserAgentProvider: () => Promise.resolve([['byob-operator', '0.1']]),
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  };
}

/** The SDK would log signed URLs and headers. */
function ignore(): void {
  // nothing is kept
}
