import { findCondition } from '../../domain/conditions/conditions.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StorageObject } from './resolved-storage.ts';

const PATIENCE_MS = 1_000;
/** `kubectl replace --force` and a restore delete an object and create it again. */
const REPLACEMENT_MS = 5_000;
/** Ledgers are read one after the other after a start. What was reported before stands until they are. */
const LEDGER_MS = 30_000;
const REPLACED = new Set(['InstanceNotFound', 'BucketSourceNotFound']);

/**
 * What is applied together arrives one after the other: an object that nothing
 * was ever said of is not told at first sight that its Secret or its instance is
 * missing, and one that was Ready not in the moment in which its instance is
 * replaced. It saves a status write and a warning that would be outdated at once.
 */
export function createGracePeriod(clock: Clock) {
  const since = new Map<string, number>();

  /** Milliseconds for which the problem is not to be told yet; 0 when it is. */
  function left(object: StorageObject, problem: Problem | undefined): number {
    const { uid = '' } = object.metadata;
    const graceMs = problem === undefined ? 0 : graceFor(object, problem);
    if (graceMs === 0) {
      since.delete(uid);
      return 0;
    }
    const now = clock.monotonic();
    const seenAt = since.get(uid) ?? now;
    since.set(uid, seenAt);
    return Math.max(0, seenAt + graceMs - now);
  }

  function graceFor(object: StorageObject, problem: Problem): number {
    if (problem.reason === 'LedgerUnknown') return isAcknowledged(object) ? Number.POSITIVE_INFINITY : LEDGER_MS;
    if (problem.failureClass !== 'reference') return 0;
    const { observedGeneration = -1, conditions = [] } = object.status ?? {};
    if (observedGeneration === -1) return PATIENCE_MS;
    // Nothing of its own has changed: what it needs may be about to come back.
    const wasReady = isAcknowledged(object) && findCondition(conditions, 'Ready')?.status === 'True';
    return wasReady && REPLACED.has(problem.reason) ? REPLACEMENT_MS : 0;
  }

  function forget(uid: string): void {
    since.delete(uid);
  }

  return { left, forget };
}

function isAcknowledged({ metadata, status }: StorageObject): boolean {
  return status?.observedGeneration === (metadata.generation ?? 0);
}
