import type { Problem } from '../domain/problem.ts';
import type { Clock } from '../ports/clock.ts';
import type { StorageObject } from './subject.ts';

const PATIENCE_MS = 1_000;

/**
 * What is applied together arrives one after the other: an object that nothing
 * was ever said of is not told at first sight that its Secret or its instance is
 * missing. It saves a status write and a warning that would be outdated at once.
 */
export function createPatience(clock: Clock) {
  const since = new Map<string, number>();

  /** Milliseconds for which the problem is not to be told yet; 0 when it is. */
  function left(object: StorageObject, problem: Problem | undefined): number {
    if (problem?.failureClass !== 'reference' || (object.status?.observedGeneration ?? -1) !== -1) return 0;
    const { uid = '' } = object.metadata;
    const now = clock.monotonic();
    const seenAt = since.get(uid) ?? now;
    since.set(uid, seenAt);
    return Math.max(0, seenAt + PATIENCE_MS - now);
  }

  function forget(uid: string): void {
    since.delete(uid);
  }

  return { left, forget };
}
