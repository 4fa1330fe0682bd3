import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { isIP } from 'node:net';
import { bareHost } from '../../base/bare-host.ts';
import type { S3KindStorage } from '../../domain/bucket/storage.ts';
import type { AwsSession } from './aws-session.ts';
import { STRICT_CLIENT } from './strict-client.ts';

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
 * Whether the bucket is in the path of a URL, or in the host: the only decision on it, for signed and unsigned
 * requests. Clouds require the host. As in the SDKs, and so in W&B, the path takes what cannot be in a host: any name
 * at an IP address, a name that is not valid in DNS, and over TLS a name with a dot, which no wildcard certificate covers.
 */
export function isPathStyle({ storage, endpoint }: Pick<S3Target, 'storage' | 'endpoint'>): boolean {
  if (storage.provider === 'S3Compatible' && storage.addressing === 'Path') return true;
  const { protocol, hostname } = new URL(endpoint);
  const label = protocol === 'https:' ? /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/ : /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
  return isIP(bareHost(hostname)) !== 0 || !label.test(storage.name);
}

/**
 * A client that sends exactly the given requests: given credentials (the default
 * chain is never used), no redirect to another region (W&B's pre-signed URLs follow
 * none), no checksum headers that other stores refuse, and no correction of the
 * clock, which would hide skew.
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
