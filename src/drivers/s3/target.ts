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

/** URL of the bucket, with a slash at the end. */
export function bucketUrl(target: Pick<S3Target, 'storage' | 'endpoint'>): URL {
  const { name } = target.storage;
  const { protocol, host } = new URL(target.endpoint);
  return new URL(isPathStyle(target) ? `${protocol}//${host}/${name}/` : `${protocol}//${name}.${host}/`);
}
