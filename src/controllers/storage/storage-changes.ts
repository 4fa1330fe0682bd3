import { isDeepStrictEqual } from '../../base/deep-equal.ts';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import type { ObjectChange } from '../../ports/kube.ts';
import { requestedAt } from '../validation/validation-request.ts';

/** Whether a change needs a reconcile of the object itself: not if it is only a status write. */
export function needsReconcile(change: ObjectChange<InstanceStorage> | ObjectChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const { object, previous } = change;
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    // Another shard may act from now on.
    !isDeepStrictEqual(object.metadata.labels, previous.metadata.labels) ||
    requestedAt(object) !== requestedAt(previous)
  );
}

/** Whether the part of a status that other objects depend on changed. */
export function verdictChanged(change: ObjectChange<InstanceStorage> | ObjectChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const summaryOf = (object: InstanceStorage | TeamStorage): string =>
    ['Ready', 'Published']
      .map((type) => findCondition(object.status?.conditions ?? [], type))
      .map((condition) => `${condition?.status ?? ''} ${condition?.reason ?? ''} ${condition?.message ?? ''}`)
      .join('|');
  return summaryOf(change.object) !== summaryOf(change.previous);
}
