import type { Clock } from '../../ports/clock.ts';
import type { StorageMetrics } from '../../ports/metrics.ts';

/** Measures the time from the first observation of a changed credential to its publication. */
export function createRotationTimer(deps: {
  readonly clock: Clock;
  readonly metrics: Pick<StorageMetrics, 'recordRotation'>;
}) {
  const waiting = new Map<string, { readonly digest: string; readonly since: number }>();

  /** To be called at each reconcile: with the digest of the credential in the Secret, and the published one, if any. */
  function observe(uid: string, digest: string, published: string | undefined): void {
    if (published === undefined) return;
    const before = waiting.get(uid);
    if (published !== digest) {
      if (before?.digest !== digest) waiting.set(uid, { digest, since: deps.clock.monotonic() });
      return;
    }
    waiting.delete(uid);
    if (before?.digest === digest) deps.metrics.recordRotation((deps.clock.monotonic() - before.since) / 1000);
  }

  function forget(uid: string): void {
    waiting.delete(uid);
  }

  return { observe, forget };
}
