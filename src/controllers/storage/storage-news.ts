import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';
import type { ObjectChange } from '../../ports/kube.ts';
import { requestedAt } from '../validation/validation-request.ts';

/** A change that its own controller must look at: not the echo of a status write. */
export function isNews(change: ObjectChange<InstanceStorage> | ObjectChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const { object, previous } = change;
  return (
    object.metadata.generation !== previous.metadata.generation ||
    object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp ||
    requestedAt(object) !== requestedAt(previous)
  );
}

/** Whether what others look at in a status is another one now. */
export function verdictChanged(change: ObjectChange<InstanceStorage> | ObjectChange<TeamStorage>): boolean {
  if (change.type !== 'updated') return true;
  const summaryOf = (object: InstanceStorage | TeamStorage): string =>
    ['Ready', 'Published']
      .map((type) => findCondition(object.status?.conditions ?? [], type))
      .map((condition) => `${condition?.status ?? ''} ${condition?.reason ?? ''} ${condition?.message ?? ''}`)
      .join('|');
  return summaryOf(change.object) !== summaryOf(change.previous);
}
