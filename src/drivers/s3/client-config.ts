import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { isIP } from 'node:net';
import type { S3KindStorage } from '../../domain/bucket/storage.ts';
import type { AwsSession } from './aws-session.ts';

/** A bucket that speaks S3, where it is, and who signs for it. */
export interface S3Target {
  readonly storage: S3KindStorage;
  readonly session: AwsSession;
  /** URL of the store, without the bucket. */
  readonly endpoint: string;
  readonly caBundle?: string;
}

/** CoreWeave takes any region for signing where the spec names none. */
export function signingRegion(storage: S3KindStorage): string {
  return storage.region ?? 'us-east-1';
}

/**
 * Whether the bucket stands in the path of a URL, or in the host. Clouds want
 * the host; where the administrator put an address in their place (an emulator),
 * no name can stand before it.
 */
export function isPathStyle({ storage, endpoint }: Pick<S3Target, 'storage' | 'endpoint'>): boolean {
  if (storage.provider === 'S3Compatible') return storage.addressing === 'Path';
  return isIP(new URL(endpoint).hostname.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * For each client of the SDK: no second try (our schedule retries, and a hidden
 * retry hides a fault), no endpoint but the one given, and no log, in which the
 * SDK would write signed URLs and headers.
 */
export const STRICT_CLIENT = {
  maxAttempts: 1,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  defaultUserAgentProvider: () => Promise.resolve([['byob-operator', '0.1']] as [string, string][]),
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
};

/**
 * A client that does what it is told and nothing else: given credentials (the
 * default chain is never asked), no redirect to another region (W&B's pre-signed
 * URLs follow none), no checksum headers that other stores refuse, and no
 * correction of the clock, which would hide skew.
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
    ...STRICT_CLIENT,
    followRegionRedirects: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    useArnRegion: false,
    useAccelerateEndpoint: false,
    disableMultiregionAccessPoints: true,
    disableS3ExpressSessionAuth: true,
  };
}

function ignore(): void {
  // nothing is kept
}
