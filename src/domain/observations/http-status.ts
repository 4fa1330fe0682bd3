import type { BucketFailureKind } from './bucket-failure.ts';

/** For answers without an error code, such as those to HEAD, which have no body. */
const KINDS: Readonly<Record<number, BucketFailureKind>> = {
  401: 'AccessDenied',
  403: 'AccessDenied',
  404: 'ObjectNotFound',
  405: 'NotImplemented',
  408: 'ServiceUnavailable',
  412: 'PreconditionFailed',
  429: 'Throttled',
  501: 'NotImplemented',
  507: 'QuotaExceeded',
};

/** The kind of a failure by its HTTP status, if the store gives no code. */
export function kindByStatus(status: number): BucketFailureKind {
  return KINDS[status] ?? (status >= 500 ? 'ServiceUnavailable' : 'RequestRefused');
}

/**
 * Whether a status stands for a fault that passes by itself. This also holds for the answer of a load balancer in front
 * of the store.
 */
export function isTransientStatus(status: number): boolean {
  const kind = kindByStatus(status);
  return kind === 'ServiceUnavailable' || kind === 'Throttled';
}
