import type { BucketFailureKind } from './bucket-failure.ts';

/** For answers without a code, as those to HEAD, which have no body: what HTTP alone says. */
const KINDS: Readonly<Record<number, BucketFailureKind>> = {
  // A right that is missing is 403: with 401 nobody was recognised.
  401: 'CredentialsInvalid',
  403: 'AccessDenied',
  404: 'ObjectNotFound',
  405: 'NotImplemented',
  408: 'ServiceUnavailable',
  412: 'PreconditionFailed',
  413: 'BodyTooLarge',
  429: 'Throttled',
  501: 'NotImplemented',
  507: 'QuotaExceeded',
};

/** The kind of a failure by its HTTP status, where the store says no more. */
export function kindByStatus(status: number): BucketFailureKind {
  return KINDS[status] ?? (status >= 500 ? 'ServiceUnavailable' : 'RequestRefused');
}

/** Whether a status tells of trouble that passes, whoever says it: a load balancer has pages of its own. */
export function isTransientStatus(status: number): boolean {
  const kind = kindByStatus(status);
  return kind === 'ServiceUnavailable' || kind === 'Throttled';
}
