import { findCondition } from '../../domain/conditions/conditions.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StorageObject } from './resolved-storage.ts';

const REPLACED = new Set(['InstanceNotFound', 'BucketSourceNotFound']);

/**
 * Objects that are applied together arrive one after the other. So a missing Secret or instance is not reported at the
 * first reconcile of a new object, nor for a Ready object while its instance is being replaced. This saves a status
 * write and a warning that would be outdated at once.
 */
export function createGracePeriod(clock: Clock) {
  const since = new Map<string, number>();

  /** Milliseconds for which the problem must not be reported yet; 0 if it must be. */
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
    if (problem.reason === 'LedgerUnknown') return graceForUnknownLedger(object);
    if (problem.failureClass !== 'reference') return 0;
    const { observedGeneration = -1, conditions = [] } = object.status ?? {};
    if (observedGeneration === -1) return INTERVALS.grace.newObject;
    // The object itself did not change: its missing reference may be about to be created again.
    const wasReady = isAcknowledged(object) && findCondition(conditions, 'Ready')?.status === 'True';
    return wasReady && REPLACED.has(problem.reason) ? INTERVALS.grace.replacedReference : 0;
  }

  /** Until the ledger has been read, the recorded conditions are kept, unless they say that it is unknown. */
  function graceForUnknownLedger(object: StorageObject): number {
    if (!isAcknowledged(object)) return INTERVALS.grace.unknownLedger;
    const ready = findCondition(object.status?.conditions ?? [], 'Ready');
    return ready?.reason === 'LedgerUnknown' ? 0 : Number.POSITIVE_INFINITY;
  }

  function forget(uid: string): void {
    since.delete(uid);
  }

  return { left, forget };
}

function isAcknowledged({ metadata, status }: StorageObject): boolean {
  return status?.observedGeneration === (metadata.generation ?? 0);
}
