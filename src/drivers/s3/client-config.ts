import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { isIP } from 'node:net';
import { bareHost } from '../../base/bare-host.ts';
import type { S3KindStorage } from '../../domain/bucket/storage.ts';
import type { AwsSession } from './aws-session.ts';

/** A bucket with the S3 protocol, with its address and credential. */
export interface S3Target {
  readonly storage: S3KindStorage;
  readonly session: AwsSession;
  /** URL of the store, without the bucket. */
  readonly endpoint: string;
  readonly caBundle?: string;
}

/** Without a region in the spec: CoreWeave accepts any region in signatures. */
export function signingRegion(storage: S3KindStorage): string {
  return storage.region ?? 'us-east-1';
}

/**
 * Whether the bucket is in the path of a URL, or in the host. Clouds require the
 * host; an IP address in place of a cloud (an emulator) cannot have the bucket before
 * it.
 */
export function isPathStyle({ storage, endpoint }: Pick<S3Target, 'storage' | 'endpoint'>): boolean {
  if (storage.provider === 'S3Compatible') return storage.addressing === 'Path';
  return isIP(bareHost(new URL(endpoint).hostname)) !== 0;
}

/**
 * A client that sends exactly the given requests: given credentials (the default
 * chain is never used), no second try (our schedule retries, and a hidden retry hides
 * a fault), no redirect to another region (W&B's pre-signed URLs follow none), no
 * checksum headers that other stores refuse, and no correction of the clock, which
 * would hide skew.
 */
export function clientConfig(target: S3Target): S3ClientConfig {
  const { storage, session, endpoint } = target;
  return {
    region: signingRegion(storage),
    endpoint,
    forcePathStyle: isPathStyle(target),
    credentials: async () => {
      const keys = await session.keys();
      if (!keys.ok) throw Object.assign(new Error('could not sign in'), { failure: keys.error });
      return { ...keys.value };
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
