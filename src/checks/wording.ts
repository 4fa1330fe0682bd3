import type { BucketFailure } from '../domain/observations/bucket-failure.ts';

/** ` (403 AccessDenied)`, or the known part of it; empty when nothing is known. */
export function codeOf(failure: Pick<BucketFailure, 'httpStatus' | 'providerCode'>): string {
  const parts = [failure.httpStatus, failure.providerCode].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : ` (${parts.join(' ')})`;
}
